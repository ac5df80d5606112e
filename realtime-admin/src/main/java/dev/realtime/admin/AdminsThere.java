package dev.realtime.admin;

import dev.realtime.Namespace;
import dev.realtime.Session;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether an administrator is connected anywhere. Nodes of this kind say that one is at them, which takes effect at once; of other servers a node asks once in ten seconds. What is said holds for a while,
 * so a lost message does no harm. Thread-safe.
 */
final class AdminsThere {
    private static final Duration SAID_AGAIN = Duration.ofSeconds(5);
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(10);
    private static final Duration HOLDS = Duration.ofSeconds(25);

    private final Namespace admins;
    private Instant until = Instant.MIN; // guarded by this
    private Instant sayAt = Instant.MIN; // guarded by this
    private Instant askAt = Instant.MIN; // guarded by this

    AdminsThere(Namespace admins) {
        this.admins = admins;
    }

    /** An administrator has come to this node. */
    void seenHere() {
        synchronized (this) {
            sayAt = Instant.MIN;
        }
        areThere(now());
    }

    /** Another node has said that one is there. */
    synchronized void seenElsewhere() {
        until = now().plus(HOLDS);
    }

    /** Whether somebody watches now; asks and says what is to be asked and said. */
    boolean areThere(Instant now) {
        boolean here = admins.sessions().stream().anyMatch(Session::isConnected);
        boolean say;
        boolean ask;
        synchronized (this) {
            say = here && !now.isBefore(sayAt);
            if (say) {
                sayAt = now.plus(SAID_AGAIN);
            }
            ask = !here && !now.isBefore(askAt);
            if (ask) {
                askAt = now.plus(ASKED_AGAIN);
            }
        }
        if (say) {
            admins.serverEmit(AdminEvents.WATCHED, admins.realtime().node());
        }
        if (ask) {
            var unused = admins.fetch().thenAccept(found -> {
                if (found.sessions().stream().anyMatch(view -> view.connected())) {
                    seenElsewhere();
                }
            });
        }
        synchronized (this) {
            return here || now.isBefore(until);
        }
    }

    private Instant now() {
        return admins.realtime().clock().instant();
    }
}
