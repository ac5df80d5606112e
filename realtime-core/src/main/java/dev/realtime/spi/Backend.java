package dev.realtime.spi;

import java.util.Map;

/**
 * What the nodes of a cluster share. One instance belongs to one node, or to several in one process when it lives in memory.
 * Thread-safe; no method but {@link #close()} blocks.
 */
public interface Backend extends AutoCloseable {

    /**
     * A node's hold on the log of a namespace.
     *
     * @param node the id of the node that opens it; entries say whose they are
     */
    Log log(String namespace, String node, Retention retention);

    /** A node's place on the bus of a namespace, or on {@link Bus#NODES}. */
    Bus bus(String namespace, String node);

    /** The session records of all nodes. */
    SessionStore sessions();

    /** Which nodes live. */
    Leases leases();

    /**
     * The values of all nodes. Features that need them say so when an engine is built.
     *
     * @throws UnsupportedOperationException if this backend has none
     */
    default Values values() {
        throw new UnsupportedOperationException(
                getClass().getName() + " has no values: it does not implement Backend.values()");
    }

    /**
     * The queues of all nodes. Features that need them say so when an engine is built. A backend that has them has logs that know
     * {@linkplain Log#appendOnce entries by an id}.
     *
     * @throws UnsupportedOperationException if this backend has none
     */
    default Queues queues() {
        throw new UnsupportedOperationException(
                getClass().getName() + " has no queues: it does not implement Backend.queues()");
    }

    /**
     * Names the unbroken life of this backend. It changes when exactness may have been lost (a failover that dropped a tail, an
     * eviction, a restart, events that reached one node only during an outage): a session recorded under another epoch is not resumed.
     * Positions of a new epoch lie behind all of the old.
     */
    String epoch();

    /**
     * How often this node alone has had a gap: it was cut off and went on by itself, so that its sessions may have met what no other node
     * has, or it was too slow, and has missed what others have met. It grows when this node has been given what lies behind
     * that; what was there before is not resumed, while the sessions of the other nodes go on.
     */
    default long gaps() {
        return 0;
    }

    /**
     * What it counts, to be seen among the counters of the engine. Names are fixed and begin with the kind of backend; {@code log.lines.omitted} is
     * added to the engine's own.
     */
    default Map<String, Long> counters() {
        return Map.of();
    }

    /**
     * Hands the clock of an engine to the backend, before the engine asks anything else of it. A backend with a clock of its own, such as that of a server,
     * takes no notice.
     */
    default void runOn(Time engine) {}

    /** Whether the backend cannot be reached and this node goes on by itself: reliable events reach its own sessions only. */
    boolean isDegraded();

    /**
     * Watches {@link #epoch()}, {@link #gaps()} and {@link #isDegraded()}.
     *
     * @param changed called after any of them has changed, one call at a time, from a thread that must not be held up
     */
    Registration watch(Runnable changed);

    /**
     * This node needs it no longer. Everything that was asked and is not answered yet has a result soon afterwards, if need be an exceptional one, and so has
     * what is asked later: whoever waits would otherwise be kept for ever.
     */
    @Override
    void close();
}
