package dev.realtime.internal.session;

import dev.realtime.spi.Home;

/**
 * The latest claim of a session that this node knows of. Its fence only grows, so what was claimed before can be told from what was claimed
 * since. Guarded by the session's lock.
 */
final class SessionHome {
    private Home home;

    SessionHome(Home home) {
        this.home = home;
    }

    Home get() {
        return home;
    }

    /** Whether the session has been elsewhere between what is known here and this claim. */
    boolean isOutdated(Home claim) {
        return !claim.isThatOf(home);
    }

    /** Returns whether a claim with this fence came later than what is known. */
    boolean isBefore(long fence) {
        return home.fence() < fence;
    }

    /** Takes note of a claim of this node. Returns false, and changes nothing, when a later one is known. */
    boolean claimed(Home claim) {
        if (claim.fence() < home.fence()) {
            return false;
        }
        home = claim;
        return true;
    }
}
