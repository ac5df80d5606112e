/** What is decided about users while they are here, for the whole cluster: rights, mutes, revocations, and who of two logins stays. */
@NullMarked
package dev.realtime.internal.users;

import org.jspecify.annotations.NullMarked;
