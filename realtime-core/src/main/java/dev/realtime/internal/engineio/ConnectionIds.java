package dev.realtime.internal.engineio;

import dev.realtime.spi.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The ids of connections: unguessable, and where other nodes are to find the connection, with the id of its node behind that. What this tells a client
 * is an id that was drawn like its own.
 */
final class ConnectionIds {
    private static final int LENGTH = 20; // of an id

    private final Ids ids;
    private final @Nullable String node;

    /** @param node null: it is not told */
    ConnectionIds(Ids ids, @Nullable String node) {
        this.ids = ids;
        this.node = node;
    }

    String ofWebSocket() {
        return ids.next();
    }

    /** Of a connection whose requests may reach any node. */
    String ofPolling() {
        return node == null ? ids.next() : ids.next() + node;
    }

    /** The other node that a connection's id names; null if it names none, or nodes are not told. */
    @Nullable
    String elsewhere(String sid) {
        if (node == null || sid.length() != 2 * LENGTH || !Ids.isId(sid.substring(0, LENGTH))) {
            return null;
        }
        String home = sid.substring(LENGTH);
        return Ids.isId(home) && !home.equals(node) ? home : null;
    }
}
