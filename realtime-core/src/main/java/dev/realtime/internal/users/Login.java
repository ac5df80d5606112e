package dev.realtime.internal.users;

import org.jspecify.annotations.Nullable;

/**
 * Which session of a user holds the single login of a namespace.
 *
 * @param privateId by which its record is found; null without recovery, and where it was read from the log
 * @param asked the private id that its client asked for in vain: if the client has not heard of its new session, it asks for that again
 * @param node where it began
 * @param epoch of the backend in which it was written
 * @param fence the version of the value with which it logged in: of two logins the one with the higher fence is the newer
 * @param until when it is forgotten, in milliseconds of the store's clock
 */
record Login(
        String session,
        @Nullable String privateId,
        @Nullable String asked,
        String node,
        String epoch,
        long fence,
        long until) {}
