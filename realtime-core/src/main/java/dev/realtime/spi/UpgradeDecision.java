package dev.realtime.spi;

import java.util.Map;
import java.util.function.Function;

/** The engine's answer to a WebSocket upgrade request. */
public sealed interface UpgradeDecision {

    /**
     * Complete the upgrade.
     *
     * @param headers to be added to the 101 response
     * @param open to be called once with the new connection, before anything is read from it; not at all if the upgrade fails
     */
    record Accepted(Map<String, String> headers, Function<Connection, ConnectionListener> open)
            implements UpgradeDecision {}

    /** Do not upgrade; send this reply instead. */
    record Refused(HttpReply reply) implements UpgradeDecision {}
}
