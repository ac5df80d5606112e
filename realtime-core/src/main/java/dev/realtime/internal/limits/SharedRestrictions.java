package dev.realtime.internal.limits;

import java.time.Duration;

/** Restrictions of users that hold at all nodes. Neither method blocks. */
public interface SharedRestrictions {
    /** There are none, and nobody is told of any. */
    SharedRestrictions NONE = new SharedRestrictions() {
        @Override
        public long remaining(String userId) {
            return 0;
        }

        @Override
        public void restrict(String userId, Duration duration) {}
    };

    /** For how long nothing but acknowledgements and renewals is taken of a user, in nanoseconds; 0 if everything is. Asked for every event. */
    long remaining(String userId);

    /** This node has restricted a user, and the others are to know. */
    void restrict(String userId, Duration duration);
}
