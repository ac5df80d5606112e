package dev.realtime.internal.limits;

import dev.realtime.spi.AddressKey;

/** Under what a client is counted: its user, or its address if it is anonymous, since whoever has no name would get a new budget with each connection. */
public final class ClientKey {
    private ClientKey() {}

    public static String ofUser(String id) {
        return "user " + id;
    }

    public static String ofAddress(String address) {
        return "address " + AddressKey.of(address);
    }
}
