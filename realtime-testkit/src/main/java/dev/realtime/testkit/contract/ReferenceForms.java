package dev.realtime.testkit.contract;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.Acknowledgement;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.Session;
import dev.realtime.TypeToken;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Events and requests whose arguments and acknowledgements take each form that contracts know. Namespaces {@value #FORMS}, {@value #FORMS_FIRST} and
 * {@value #FORMS_NOTHING} have the same, and tell a client of a refusal in a different way each.
 */
final class ReferenceForms {
    /** Refusals are a value. */
    static final String FORMS = "/forms";

    /** Refusals are the first argument. */
    static final String FORMS_FIRST = "/forms-first";

    /** Refusals are not told. */
    static final String FORMS_NOTHING = "/forms-nothing";

    record UseItem(String item, @Nullable String target, Optional<Integer> count) {}

    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Roll(String reason, int... dice) {}

    record Several(int one, String two, List<Integer> three) {}

    @SuppressWarnings("ArrayRecordComponent") // written, never compared
    record Chart(byte[] image, int scale) {}

    private static final Event<List<Object>> HEARD = Event.of("heard", new TypeToken<List<Object>>() {});
    private static final Event<UseItem> USE_ITEM = Event.ofArguments("use_item", UseItem.class);
    private static final Event<Roll> ROLL = Event.ofArguments("roll", Roll.class);
    private static final Event<Roll> ROLLED = Event.ofArguments("rolled", Roll.class);
    private static final Event<String> NICK = Event.of("nick", String.class).nullablePayload();
    private static final Event<List<Roll>> ROLLS = Event.of("rolls", new TypeToken<List<Roll>>() {});
    private static final Event<String> QUIET = Event.of("quiet", String.class).unacknowledged();
    private static final Event<Void> NOTHING = Event.of("nothing");
    private static final Event<Void> ASK_ME = Event.of("ask-me");
    private static final Event<Void> NOW = Event.of("now");
    private static final Request<Void, Several> SEVERAL =
            Request.of("several", Void.class, Several.class).replyArguments();
    private static final Request<Void, Chart> MAP =
            Request.of("map", Void.class, Chart.class).replyArguments();
    private static final Request<String, String> FIRST =
            Request.of("first", String.class, String.class).errorFirst();
    private static final Request<String, String> VALUE = Request.of("value", String.class, String.class);
    private static final Request<String, String> MAYBE =
            Request.of("maybe", String.class, String.class).nullableReply();
    private static final Request<String, String> LATER = Request.of("later", String.class, String.class);
    private static final Request<String, String> ASKED =
            Request.of("asked", String.class, String.class).errorFirst();

    private ReferenceForms() {}

    static RealtimeBuilder addTo(RealtimeBuilder builder) {
        return builder.namespace(FORMS, ReferenceForms::setUp)
                .namespace(FORMS_FIRST, forms -> {
                    setUp(forms);
                    forms.refusals(RefusalForm.ERROR_FIRST);
                })
                .namespace(FORMS_NOTHING, forms -> {
                    setUp(forms);
                    forms.refusals(RefusalForm.NOTHING);
                });
    }

    private static void setUp(NamespaceSetup forms) {
        Queue<Acknowledgement<String>> open = new ConcurrentLinkedQueue<>();
        forms.on(
                        USE_ITEM,
                        (session, use) -> heard(
                                session, use.item(), use.target(), use.count().orElse(null)))
                .on(ROLL, (session, roll) -> session.emit(ROLLED, roll))
                .on(ROLLS, (session, rolls) -> rolls.forEach(roll -> session.emit(ROLLED, roll)))
                .on(NICK, (session, nick) -> heard(session, nick))
                .on(QUIET, (session, text) -> heard(session, text))
                .on(NOTHING, (session, nothing) -> {})
                .on(SEVERAL, (session, nothing) -> new Several(1, "two", List.of(3)))
                .on(MAP, (session, nothing) -> new Chart(new byte[] {1, 2, 3}, 7))
                .on(FIRST, (session, text) -> unlessRefused(text))
                .on(VALUE, (session, text) -> unlessRefused(text))
                .on(MAYBE, (session, text) -> nullIfEmpty(text))
                .onAcknowledge(LATER, (session, text, answer) -> {
                    if (answer.isWanted()) {
                        open.add(answer);
                    } else {
                        heard(session, "not wanted");
                    }
                })
                .on(NOW, (session, nothing) -> open.forEach(answer -> answer.give("now")))
                .on(ASK_ME, (session, nothing) -> ask(session));
    }

    @SuppressWarnings("NullAway") // its contract allows null
    private static String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String unlessRefused(String text) {
        if (text.equals("refuse")) {
            throw new EventRefusedException("no_money", "Not enough coins");
        }
        return text;
    }

    private static void heard(Session session, @Nullable Object... values) {
        session.emit(HEARD, Collections.unmodifiableList(Arrays.asList(values)));
    }

    private static void ask(Session session) {
        session.request(ASKED, "ready?", Duration.ofSeconds(10)).whenComplete((reply, failure) -> {
            boolean refused = failure instanceof RequestFailedException failed
                    && failed.reason() == RequestFailedException.Reason.REFUSED;
            heard(session, refused ? "refused" : reply);
        });
    }
}
