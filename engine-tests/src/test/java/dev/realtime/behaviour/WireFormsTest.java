package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.ErrorCode;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.Acknowledgement;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.Session;
import dev.realtime.TypeToken;
import dev.realtime.UnknownEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What contracts can say of arguments, acknowledgements and refusals. */
class WireFormsTest {
    record UseItem(String item, @Nullable String target, Optional<Integer> count) {}

    record Roll(String reason, int... dice) {}

    record Score(String name, int points) {}

    record Both(int left, @Nullable String note) {}

    private static final Event<UseItem> USE_ITEM = Event.ofArguments("use_item", UseItem.class);
    private static final Event<Roll> ROLL = Event.ofArguments("roll", Roll.class);
    private static final Event<List<Score>> SCORES = Event.of("scores", new TypeToken<List<Score>>() {});
    private static final Event<String> NICK = Event.of("nick", String.class).nullablePayload();
    private static final Event<String> STRICT = Event.of("strict", String.class);
    private static final Event<String> QUIET = Event.of("quiet", String.class).unacknowledged();
    private static final Request<Void, Map<String, List<Integer>>> STOCK =
            Request.of("stock", TypeToken.of(Void.class), new TypeToken<Map<String, List<Integer>>>() {});
    private static final Request<String, Both> BOTH =
            Request.of("both", String.class, Both.class).replyArguments();
    private static final Request<String, Both> BOTH_FIRST =
            Request.of("both first", String.class, Both.class).replyArguments().errorFirst();
    private static final Request<String, String> FIRST =
            Request.of("first", String.class, String.class).errorFirst();
    private static final Request<String, String> VALUE = Request.of("value", String.class, String.class);
    private static final Request<String, String> LATER = Request.of("later", String.class, String.class);
    private static final Request<String, String> ASKED =
            Request.of("asked", String.class, String.class).errorFirst();

    private final List<Object> handled = new ArrayList<>();
    private final List<Acknowledgement<String>> open = new ArrayList<>();
    private final List<UnknownEvent> unknown = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                    .namespace("/", this::game)
                    .namespace(
                            "/unknown",
                            game -> game.allowAnonymous().onUnknown((session, event) -> {
                                unknown.add(event);
                                event.leaveUnanswered();
                            }))
                    .namespace("/first", game -> game(game).refusals(RefusalForm.ERROR_FIRST))
                    .namespace("/nothing", game -> game(game).refusals(RefusalForm.NOTHING)))
            .allowHandlerFailures(); // onDisconnect fails on purpose

    private NamespaceSetup game(NamespaceSetup game) {
        return game.allowAnonymous()
                .on(USE_ITEM, (session, use) -> handled.add(use))
                .on(ROLL, (session, roll) -> {
                    handled.add(roll.reason() + Arrays.toString(roll.dice()));
                    session.emit(ROLL, roll);
                })
                .on(SCORES, (session, scores) -> {
                    handled.addAll(scores);
                    session.emit(SCORES, scores);
                })
                .on(NICK, (session, nick) -> handled.add("nick " + nick))
                .on(STRICT, (session, text) -> handled.add(text))
                .on(QUIET, (session, text) -> handled.add(text))
                .on(STOCK, (session, nothing) -> Map.of("rope", List.of(1, 2)))
                .on(BOTH, (session, note) -> new Both(1, note))
                .on(BOTH_FIRST, (session, note) -> new Both(1, refusedIf(note)))
                .on(FIRST, (session, text) -> refusedIf(text))
                .on(VALUE, (session, text) -> refusedIf(text))
                .onAcknowledge(LATER, (session, text, answer) -> {
                    handled.add(answer.isWanted());
                    refusedIf(text);
                    open.add(answer);
                })
                .onError((session, what, cause) -> failures.add(what + ": " + cause.getMessage()))
                .onDisconnect((session, reason) -> {
                    throw new IllegalStateException("at the end");
                });
    }

    private static String refusedIf(String text) {
        if (text.equals("refuse")) {
            throw new EventRefusedException("no_money", "Not enough coins", Duration.ofSeconds(2));
        }
        if (text.equals("fail")) {
            throw new IllegalStateException("a mistake");
        }
        return text;
    }

    private TestClient ann() {
        return realtime.connect("/", "ann");
    }

    private static List<String> texts(List<JsonNode> arguments) {
        return arguments.stream().map(JsonNode::toString).toList();
    }

    // ---- arguments

    @Test
    void lastArgumentsMayBeMissing() {
        TestClient ann = ann();
        ann.emitRaw("use_item", "rope");
        ann.emitRaw("use_item", "rope", "bob");
        ann.emitRaw("use_item", "rope", "bob", 3);
        ann.sendRaw("42[\"use_item\",\"rope\",null,null]");
        assertThat(handled)
                .containsExactly(
                        new UseItem("rope", null, Optional.empty()),
                        new UseItem("rope", "bob", Optional.empty()),
                        new UseItem("rope", "bob", Optional.of(3)),
                        new UseItem("rope", null, Optional.empty()));
        assertThat(ann.askRaw("use_item").errorCode()).isEqualTo("invalid_payload");
    }

    @Test
    void theLastComponentTakesWhatIsLeft() {
        TestClient ann = ann();
        ann.emitRaw("roll", "none");
        ann.emitRaw("roll", "one", 6);
        ann.emit(ROLL, new Roll("more", 6, 20, 20));
        assertThat(handled).containsExactly("none[]", "one[6]", "more[6, 20, 20]");
        assertThat(ann.next(ROLL).dice()).isEmpty();
        assertThat(ann.next(ROLL).dice()).containsExactly(6);
        assertThat(ann.next(ROLL).dice()).containsExactly(6, 20, 20);
        assertThat(ann.askRaw("roll", "bad", 1, "x").errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("roll", "bad", 1, 1.5).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("roll").errorCode()).isEqualTo("invalid_payload");
    }

    @Test
    void genericTypesKeepTheirArguments() {
        TestClient ann = ann();
        ann.emit(SCORES, List.of(new Score("ann", 1), new Score("bob", 2)));
        assertThat(handled).containsExactly(new Score("ann", 1), new Score("bob", 2));
        assertThat(ann.next(SCORES)).containsExactly(new Score("ann", 1), new Score("bob", 2));
        assertThat(ann.ask(STOCK, null).value()).isEqualTo(Map.of("rope", List.of(1, 2)));
        assertThat(ann.askRaw("scores", List.of(Map.of("name", "ann"))).errorCode())
                .isEqualTo("invalid_payload");
    }

    @Test
    void aTypeTokenNamesAWholeType() {
        assertThat(new TypeToken<List<Score>>() {}).isEqualTo(new TypeToken<List<Score>>() {});
        assertThat(TypeToken.of(Score.class)).hasToString(Score.class.getName());
        assertThatIllegalArgumentException()
                .isThrownBy(WireFormsTest::<Score>variable)
                .withMessageContaining("'T'");
    }

    private static <T> TypeToken<List<T>> variable() {
        return new TypeToken<>() {};
    }

    @Test
    void theWholeTypeIsNamedWhereItCannotBeRead() {
        Event<List<Runnable>> bad = Event.of("bad", new TypeToken<List<Runnable>>() {});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Realtime.builder()
                        .namespace("/", game -> game.on(bad, (session, tasks) -> {}))
                        .build())
                .withMessageContaining("'bad'")
                .withMessageContaining("java.util.List<java.lang.Runnable>");
    }

    @Test
    void aPayloadMayBeNullWhereTheContractSaysSo() {
        TestClient ann = ann();
        ann.emitRaw("nick", "annie");
        ann.sendRaw("42[\"nick\",null]");
        ann.emitRaw("nick");
        assertThat(handled).containsExactly("nick annie", "nick null", "nick null");
        assertThat(ann.askRaw("strict").errorCode()).isEqualTo("invalid_payload");
        ann.sendRaw("42[\"strict\",null]");
        assertThat(handled).hasSize(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> USE_ITEM.nullablePayload())
                .withMessageContaining("@Nullable");
    }

    // ---- acknowledgements

    @Test
    void anEventMayBeLeftUnacknowledged() {
        TestClient ann = ann();
        TestReply<JsonNode> quiet = ann.askRaw("quiet", "x");
        realtime.advance(Duration.ofMinutes(5));
        assertThat(handled).containsExactly("x");
        assertThat(quiet.isAnswered()).isFalse();
        assertThat(ann.askRaw("quiet", 7).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("strict", "x").answer()).isEmpty();
    }

    @Test
    void aReplyMayHaveSeveralValues() {
        assertThat(texts(ann().askRaw("both", "x").answer())).containsExactly("1", "\"x\"");
        assertThat(ann().request(BOTH, "y")).isEqualTo(new Both(1, "y"));
    }

    @Test
    void theErrorMayComeFirst() {
        TestClient ann = ann();
        assertThat(texts(ann.askRaw("first", "x").answer())).containsExactly("null", "\"x\"");
        assertThat(texts(ann.askRaw("both first", "x").answer())).containsExactly("null", "1", "\"x\"");
        assertThat(texts(ann.askRaw("first", "refuse").answer()))
                .containsExactly("{\"code\":\"no_money\",\"message\":\"Not enough coins\",\"retryAfterMs\":2000}");
        assertThat(ann.ask(FIRST, "fail").errorCode()).isEqualTo("handler_failed");
        assertThat(texts(ann.askRaw("first", 1).answer()).get(0)).contains("invalid_payload");
        assertThat(ann.request(FIRST, "x")).isEqualTo("x");
    }

    @Test
    void theErrorOfAClientMayComeFirst() {
        TestClient ann = ann();
        Session session = Game.session(realtime, ann);
        ann.answer(ASKED, text -> text + "!");
        assertThat(realtime.await(session.request(ASKED, "x", Duration.ofSeconds(1))))
                .isEqualTo("x!");

        TestClient bob = realtime.connect("/", "bob");
        Session refusing = Game.session(realtime, bob);
        CompletableFuture<String> asked =
                refusing.request(ASKED, "x", Duration.ofSeconds(1)).toCompletableFuture();
        realtime.settle();
        bob.acknowledge(bob.nextRaw("asked").ackId(), Map.of("code", "busy"));
        assertThat(realtime.failure(asked)).isInstanceOfSatisfying(RequestFailedException.class, failure -> {
            assertThat(failure.reason()).isEqualTo(RequestFailedException.Reason.REFUSED);
            assertThat(failure).hasMessageContaining("busy");
        });
    }

    @Test
    void aHandlerMayAcknowledgeLaterOrNever() {
        TestClient ann = ann();
        TestReply<String> one = ann.ask(LATER, "one");
        TestReply<String> two = ann.ask(LATER, "two");
        ann.emitRaw("later", "three");
        assertThat(one.isAnswered() || two.isAnswered()).isFalse();
        open.get(1).give("2");
        open.get(1).give("twice");
        open.get(0).refuse(ErrorCode.FORBIDDEN);
        open.get(2).give("nobody waits");
        realtime.settle();
        assertThat(two.value()).isEqualTo("2");
        assertThat(two.count()).isEqualTo(1);
        assertThat(one.errorCode()).isEqualTo("forbidden");
        assertThat(ann.ask(LATER, "refuse").errorCode()).isEqualTo("no_money");
        assertThat(handled).containsExactly(true, true, false, true);
    }

    @Test
    void anUnknownEventMayBeAnsweredLaterOrNever() {
        TestClient ann = realtime.connect("/unknown", "ann");
        TestReply<JsonNode> reply = ann.askRaw("whatever", 1, 2);
        assertThat(reply.isAnswered()).isFalse();
        unknown.get(0).reply("a", "b");
        realtime.settle();
        assertThat(texts(reply.answer())).containsExactly("\"a\"", "\"b\"");
        assertThat(unknown.get(0).argument(1, TypeToken.of(Integer.class))).isEqualTo(2);
    }

    // ---- refusals

    @Test
    void refusalsAreAValue() {
        TestClient ann = ann();
        assertThat(texts(ann.askRaw("value", "refuse").answer()).get(0))
                .startsWith("{\"error\":{\"code\":\"no_money\"");
        assertThat(texts(ann.askRaw("nobody knows").answer()).get(0)).contains("unknown_event");
    }

    @Test
    void refusalsAreTheFirstArgument() {
        TestClient ann = realtime.connect("/first", "ann");
        assertThat(texts(ann.askRaw("value", "refuse").answer()).get(0)).startsWith("{\"code\":\"no_money\"");
        assertThat(texts(ann.askRaw("nobody knows").answer()).get(0)).startsWith("{\"code\":\"unknown_event\"");
        assertThat(texts(ann.askRaw("value", "x").answer())).containsExactly("\"x\"");
    }

    @Test
    void refusalsAreNothing() {
        TestClient ann = realtime.connect("/nothing", "ann");
        List<TestReply<JsonNode>> unanswered = List.of(
                ann.askRaw("value", "refuse"),
                ann.askRaw("value", "fail"),
                ann.askRaw("value", 1),
                ann.askRaw("nobody knows"));
        ann.emitRaw("nobody knows");
        assertThat(unanswered).noneMatch(TestReply::isAnswered);
        assertThat(ann.received()).isEmpty();
        assertThat(ann.ask(VALUE, "x").value()).isEqualTo("x");
        assertThat(ann.ask(FIRST, "refuse").errorCode()).isEqualTo("no_money");
    }

    @Test
    void failuresAreToldToTheirListener() {
        TestClient ann = ann();
        ann.askRaw("value", "fail");
        ann.askRaw("value", "refuse");
        ann.askRaw("value", 1);
        ann.disconnect();
        realtime.settle();
        assertThat(failures).containsExactly("value: a mistake", "onDisconnect: at the end");
    }
}
