package dev.realtime.internal.limits;

import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.AddressKey;

/** How often clients may CONNECT to namespaces: over one connection, and from one address. Thread-safe. */
public final class ConnectGate {
    private static final String CONNECT = " connect"; // no namespace has this name
    private static final int LEAST_BURST = 16;

    private final RateGate rates;
    private final RateLimit ofConnection;
    private final RateLimit ofAddress;

    public ConnectGate(Limits limits, RateGate rates) {
        this.rates = rates;
        int burst = Math.max(LEAST_BURST, 2 * limits.maxNamespaces());
        this.ofConnection =
                RateLimit.perMinute(limits.connectsPerMinute() + burst - 1).burst(burst);
        this.ofAddress = RateLimit.perMinute(limits.connectsPerMinutePerIp())
                .burst(Math.max(1, limits.connectsPerMinutePerIp() / 5));
    }

    /** All namespaces of a connection and a second thought about each come at once; what goes beyond comes steadily. */
    public RateLimit ofConnection() {
        return ofConnection;
    }

    /** Whether a client may begin one more session by now. A refusal counts for nothing. */
    public boolean admits(String address) {
        return rates.admit(CONNECT, AddressKey.of(address), "address", ofAddress) == null;
    }

    /** Whether the address has made up for all those that it has been {@linkplain #charge charged} for beyond the limit. */
    boolean believes(String address) {
        return !rates.owes(CONNECT, AddressKey.of(address), "address", ofAddress);
    }

    /** Counts one in any case. */
    void charge(String address) {
        rates.charge(CONNECT, AddressKey.of(address), "address", ofAddress);
    }
}
