package dev.realtime.simulation;

import dev.realtime.Event;
import dev.realtime.Request;
import java.time.Duration;

/** What the simulated game speaks. */
final class GameContracts {
    /** A reliable or volatile event, by its number in the log. */
    record Mark(int n) {}

    /** A change of rooms that a client asks for; {@code turn} counts the client's requests. */
    record Change(int turn, String how, String room, String to) {}

    record Done(int op) {}

    /** An event that a client wants emitted. */
    record Say(int turn, String room) {}

    /** A request whose handler is held up for so long. */
    record Hold(int turn, int millis) {}

    /** One event of a burst; what it carries has a length and no meaning. */
    record Load(int turn, String ballast) {}

    static final Event<Mark> RELIABLE = Event.of("r", Mark.class);
    static final Event<Mark> ALSO_RELIABLE = Event.of("s", Mark.class);
    static final Event<Mark> URGENT = Event.of("u", Mark.class); // never batched
    /** After so short a time some events are of use to nobody, so that many are too late. */
    static final Duration SHORT_LIFE = Duration.ofMillis(150);

    static final Event<Mark> VOLATILE = Event.of("v", Mark.class);
    static final Event<Mark> POSITION = Event.of("p", Mark.class); // volatile, and throttled
    static final Request<Change, Done> CHANGE = Request.of("change", Change.class, Done.class);
    static final Request<Say, Done> SLOW = Request.of("slow", Say.class, Done.class);
    static final Request<Hold, Done> HOLD = Request.of("hold", Hold.class, Done.class);
    static final Event<Load> LOAD = Event.of("load", Load.class);
    static final Event<Say> SAY = Event.of("say", Say.class);
    static final Event<Void> TAP = Event.of("tap").limit(RateModel.LIMIT);
    static final Request<Mark, Mark> ASK = Request.of("ask", Mark.class, Mark.class);

    private GameContracts() {}

    /** The contract of a reliable event. */
    static Event<Mark> reliable(Mark mark) {
        return switch (mark.n() % 5) {
            case 0 -> URGENT;
            case 1, 2 -> ALSO_RELIABLE;
            default -> RELIABLE;
        };
    }

    static boolean isVolatile(String event) {
        return event.equals(VOLATILE.name()) || event.equals(POSITION.name());
    }

    static boolean isReliable(String event) {
        return event.equals(RELIABLE.name()) || event.equals(ALSO_RELIABLE.name()) || event.equals(URGENT.name());
    }
}
