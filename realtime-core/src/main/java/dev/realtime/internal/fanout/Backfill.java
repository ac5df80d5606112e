package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;

/**
 * What the log held before this node followed it, on its way into the {@link RecentLog}: added in order and without a gap, and attached once it is
 * whole. Not thread-safe.
 */
public final class Backfill {
    private final String node;
    private final long nanos;
    private final ReplayWindow events;
    private final OperationWindow operations;

    Backfill(String node, long nanos, ReplayWindow events, OperationWindow operations) {
        this.node = node;
        this.nanos = nanos;
        this.events = events;
        this.operations = operations;
    }

    /** The next entry of the log. */
    public void add(PlacedEntry placed) {
        if (placed.entry() instanceof LogEntry.Note) {
            return; // what it says is known by now, or will be said again
        }
        if (!(placed.entry() instanceof LogEntry.Emit emit)) {
            operations.add(placed, nanos);
        } else if (emit.target().node() == null || node.equals(emit.target().node())) {
            long expiry = emit.terms().expiry(placed.at());
            events.add(new Delivery(placed.position(), emit.target(), emit.event(), expiry), nanos);
        }
    }

    ReplayWindow events() {
        return events;
    }

    OperationWindow operations() {
        return operations;
    }

    /** Everything behind this position has been added. */
    public Position from() {
        return Position.max(events.forgotten(), operations.forgotten());
    }
}
