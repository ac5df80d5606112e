package dev.realtime.spi;

/**
 * What the nodes of a cluster share. One instance belongs to one node, or to several in one process when it lives in memory.
 * Thread-safe; no method but {@link #close()} blocks.
 */
public interface Backend extends AutoCloseable {

    /** The log of a namespace; the same object for the same name. */
    Log log(String namespace, Retention retention);

    /** The session records of all nodes. */
    SessionStore sessions();

    /**
     * Names the unbroken life of this backend. It changes when exactness may have been lost (a failover that dropped a tail, an
     * eviction, a restart): a session recorded under another epoch is not resumed.
     */
    String epoch();

    @Override
    void close();
}
