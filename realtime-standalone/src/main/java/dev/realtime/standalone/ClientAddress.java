package dev.realtime.standalone;

import org.jspecify.annotations.Nullable;

/**
 * Who has sent a request, as far as anybody can tell who is believed.
 *
 * @param address without a port
 * @param secure whether its connection was encrypted
 * @param host what it asked for; null where that is what {@code Host} says
 * @param known false if a trusted proxy did not say who it was, so that the address is the proxy's
 */
record ClientAddress(
        String address, boolean secure, @Nullable String host, boolean known) {}
