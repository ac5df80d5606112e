package dev.realtime.benchmarks;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.batches.Batches;
import dev.realtime.mail.MailOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a server is measured with beside its defaults. */
enum Feature {
    NONE,

    /** {@code echo} is handled once for each payload. Answers are kept for a second: with the default window they would fill the heap at this rate. */
    ONCE,

    /** {@code later} is answered when an event is stored that its client gets at a time. */
    SCHEDULE,

    /** {@code bcast} writes a state, which all watch: a new version arrives as {@code msg}. */
    STATE,

    /** {@code msg} is batched. */
    BATCHES,

    /** {@code mail} is answered when {@code msg} is in the mailbox of the client's user, from where the client gets it. */
    MAIL;

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final Event<String> MESSAGE = Event.of("msg", String.class);
    private static final Request<Later, String> LATER = Request.ofArguments("later", Later.class, String.class);
    private static final Request<String, String> MAIL_TO_SELF = Request.of("mail", String.class, String.class);
    private static final Event<String> LETTER = Event.of("msg", String.class).persistOffline();
    private static final RoomKind OWN = RoomKind.named("own");
    private static final State<String> STATE_OF_ALL = State.of("state", String.class)
            .updates(
                    MESSAGE,
                    change -> Objects.requireNonNullElse(change.current().value(), "removed"));

    private record Later(long time, String payload) {}

    static Feature named(@Nullable String name) {
        return name == null ? NONE : valueOf(name.toUpperCase(Locale.ROOT));
    }

    Request<String, String> request(Request<String, String> plain) {
        return this == ONCE ? plain.idempotentBy(payload -> payload, WINDOW) : plain;
    }

    void setUp(NamespaceSetup namespace) {
        switch (this) {
            case SCHEDULE ->
                namespace
                        .schedule(ScheduleOptions.DEFAULT)
                        .onAsync(
                                LATER,
                                (session, later) -> session.namespace()
                                        .room(OWN.of(session.id()))
                                        .emitAt(Instant.ofEpochMilli(later.time()), MESSAGE, later.payload())
                                        .thenApply(stored -> later.payload()));
            case STATE -> namespace.state(STATE_OF_ALL);
            case BATCHES -> namespace.batches(Batches.of(MESSAGE));
            case MAIL ->
                namespace
                        .mail(MailOptions.DEFAULT.pace(Duration.ZERO))
                        .onAsync(
                                MAIL_TO_SELF,
                                (session, text) -> session.namespace()
                                        .user(session.principal().id())
                                        .emit(LETTER, text)
                                        .thenApply(stored -> text));
            case NONE, ONCE -> {}
        }
    }

    void connected(Session session, RoomKey all) {
        if (this == SCHEDULE) {
            session.join(OWN.of(session.id()));
        } else if (this == STATE) {
            var unused = session.namespace().state(STATE_OF_ALL).of(all).watch(session);
        }
    }

    void broadcast(Session session, RoomKey all, String payload) {
        if (this == STATE) {
            var unused = session.namespace().state(STATE_OF_ALL).of(all).update(session.id(), before -> payload);
        } else {
            var unused = session.room(all).emit(MESSAGE, payload);
        }
    }
}
