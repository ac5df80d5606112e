package dev.realtime.internal.limits;

import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import java.time.Duration;

/** How often clients may CONNECT to namespaces: over one connection, and from one address. Thread-safe. */
public final class ConnectGate {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int LEAST_BURST = 16;
    private static final int CONNECT = 0;

    private final RateScope addresses;
    private final Pace ofConnection;

    public ConnectGate(Limits limits, RateGate rates) {
        int perIp = limits.connectsPerMinutePerIp();
        this.addresses = rates.scope(Pace.within(perIp, MINUTE, perIp / 5));
        this.ofConnection =
                Pace.of(limits.connectsPerMinute(), MINUTE, Math.max(LEAST_BURST, 2 * limits.maxNamespaces()));
    }

    /** All namespaces of a connection and a second thought about each come at once; what goes beyond comes steadily. */
    public Pace ofConnection() {
        return ofConnection;
    }

    /** Whether a client may begin one more session by now. A refusal counts for nothing. */
    public boolean admits(String address) {
        return addresses.admits(AddressKey.of(address), CONNECT);
    }

    /** Whether the address has made up for all those that it has been {@linkplain #charge charged} for beyond the limit. */
    boolean believes(String address) {
        return !addresses.isOwed(AddressKey.of(address), CONNECT);
    }

    /** Counts one in any case. */
    void charge(String address) {
        addresses.charge(AddressKey.of(address), CONNECT);
    }
}
