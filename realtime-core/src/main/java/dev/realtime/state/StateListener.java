package dev.realtime.state;

import dev.realtime.Namespace;

/** Told on each node when a state changes. */
@FunctionalInterface
public interface StateListener<T> {

    /**
     * A state has a new version. Every node hears of it, in the order of versions, each version once, one after the other on threads for handlers. A listener that throws is
     * told of the next change all the same. While more than 1,024 changes wait for one that is slow, versions of a state that are out of date by then are left out, counted as
     * {@code state.untold}. A node that has just started, or has missed a part of the log, hears of what changes from then on.
     */
    void changed(Namespace namespace, StateChange<T> change) throws Exception;
}
