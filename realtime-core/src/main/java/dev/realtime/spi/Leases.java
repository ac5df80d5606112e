package dev.realtime.spi;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Which nodes of the cluster live. A node that does not renew its lease in time is dead to the others, and is taken over by one of them:
 * its sessions get a new home. Thread-safe; no method blocks.
 */
public interface Leases {

    /**
     * Begins or renews the lease of a node.
     *
     * @return completes with whether there was a lease to renew: false the first time, and when the node has been taken for dead meanwhile,
     *     so that whatever it held belongs to others. It lives (again) in any case.
     */
    CompletionStage<Boolean> renew(String node, Duration lease);

    /** The nodes whose lease has not run out. */
    CompletionStage<Set<String>> living();

    /**
     * Returns the nodes that the caller is to take over: those whose lease has run out, or whose takeover somebody else has begun and not ended in
     * time. At any time a node is given to one caller only.
     *
     * @param patience after which the takeover may be given to somebody else
     */
    CompletionStage<Set<String>> takeOver(Duration patience);

    /** Ends the takeover of a node that has nothing left. Does nothing to a node that has renewed its lease since: it lives. */
    CompletionStage<Void> endTakeover(String node);

    /** Ends the lease of a node that has ended in order and has nothing left. */
    CompletionStage<Void> end(String node);
}
