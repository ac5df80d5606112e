package dev.realtime.internal.limits;

import java.time.Duration;

/** Restrictions of users that hold at all nodes, and for later sessions. */
@FunctionalInterface
public interface SharedRestrictions {
    /** There are none: a restriction holds on the node that has made it. */
    SharedRestrictions NONE = (userId, duration) -> {};

    /** The escalation of this node has restricted a user, and the others are to know. Does not block; what fails is logged. */
    void restrict(String userId, Duration duration);
}
