package dev.realtime.presence;

import dev.realtime.Namespace;

/** Told when users come and go. */
@FunctionalInterface
public interface PresenceListener {

    /**
     * A user has come online in a namespace, or has gone offline. Each change is told once in the cluster, on one node; what is told there is told one
     * after the other, in the order of the namespace's log, on threads for handlers. A listener that throws is told of the next change all the same. While more
     * than 1,024 changes wait for one that is slow, users who come and go meanwhile are left out, two changes each, counted as {@code presence.untold}.
     */
    void changed(Namespace namespace, PresenceChange change) throws Exception;
}
