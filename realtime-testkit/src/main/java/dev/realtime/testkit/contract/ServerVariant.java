package dev.realtime.testkit.contract;

/** The configurations of {@link ReferenceApp} that a {@link TransportContract} talks to. */
public enum ServerVariant {
    /** Every origin, the default heartbeat and the default limits: no test is disturbed by a ping. */
    OPEN,
    /** A ping every 300 ms and one second for the pong. */
    BRISK,
    /**
     * One allowed origin, a cookie, compression, bodies and messages of at most 20,000 bytes, two seconds to CONNECT and to finish an
     * upgrade.
     */
    GUARDED,
    /** Like {@link #OPEN} with connection state recovery, for tests with the official clients. */
    RECOVERING,
    /**
     * Like {@link #OPEN}, but each opening request is judged, a little later than it came: the query parameter {@code judge} has it refused with 401 and
     * {@code No "ticket"} ({@code refuse}), makes the judge fail ({@code fail}), or keeps it waiting for ever ({@code never}), which ends after two
     * seconds. And who sends {@code rarely} three times too often is disconnected.
     */
    JUDGED,
    /** Like {@link #OPEN}, but what arrives may take little memory, and bodies and messages have at most 100,000 bytes. */
    CRAMPED;

    /** The payload limit of {@link #CRAMPED} in bytes. */
    static final int CRAMPED_PAYLOAD = 100_000;

    /** What {@link #CRAMPED} has for all clients: a sixteenth of it for what one address has in arrival, so two bodies and a bit. */
    static final long CRAMPED_BYTES = 8_000_000;

    /** The origin that {@link #GUARDED} allows. */
    public static final String ALLOWED_ORIGIN = "http://allowed.example";

    /** The payload limit of {@link #GUARDED} in bytes. */
    public static final int GUARDED_PAYLOAD = 20_000;

    /** How many namespaces a connection may join, in every variant. */
    public static final int MAX_NAMESPACES = 16;
}
