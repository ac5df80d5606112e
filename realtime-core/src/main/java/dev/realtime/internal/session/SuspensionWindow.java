package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.internal.limits.SuspendedSessions;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that a session without a connection waits for its client, and its place among the suspended sessions of the node. A place is held
 * from the loss of the connection until the client has been let in again or the session has ended. Guarded by the session's lock.
 */
final class SuspensionWindow {
    private final Time time;
    private final Duration length;
    private final SuspendedSessions places;
    private final Counters counters;
    private final Runnable over;

    private SuspendedSessions.@Nullable Place place;
    private Time.@Nullable Timer timer;
    private long end;

    /** @param over runs on the timer's thread, without the lock, when the window may be over; see {@link #isOver()} */
    SuspensionWindow(Time time, Duration length, SuspendedSessions places, Counters counters, Runnable over) {
        this.time = time;
        this.length = length;
        this.places = places;
        this.counters = counters;
        this.over = over;
    }

    /** Opens the whole window if there is a place for the session. Returns false, and counts it, if there is none; also if it could not be opened. */
    boolean open(String address, Principal principal) {
        place = places.enter(address, principal);
        if (place == null) {
            counters.count(Counters.Name.SUSPENSIONS_REFUSED);
            return false;
        }
        try {
            openFor(length);
        } catch (RuntimeException | Error e) { // nobody would end it
            leave();
            return false;
        }
        return true;
    }

    /** Opens the whole window for a session that another node had: it had its place there. */
    void takeOver() {
        place = places.takeOver();
        openFor(length);
    }

    /** Opens the window once more, for so long. */
    void openFor(Duration left) {
        end = time.nanoTime() + left.toNanos();
        goOn();
    }

    /** Waits for what is left of the window. */
    void goOn() {
        timer = time.schedule(left(), over);
    }

    boolean isOver() {
        return end - time.nanoTime() <= 0;
    }

    /** How long the client still has. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - time.nanoTime()));
    }

    /** The client is being let in: the time does not run out meanwhile, and the place is kept. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Gives the place back. */
    void leave() {
        if (place != null) {
            place.leave();
            place = null;
        }
    }
}
