package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.DOUBLE;
import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.MOVED;
import static dev.realtime.behaviour.Game.PING;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.SAY;
import static dev.realtime.behaviour.Game.errorEvent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Point;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventTest {
    @SuppressWarnings("ArrayRecordComponent") // compared part by part
    record Picture(String name, byte[] pixels, List<byte[]> tiles) {}

    static final Request<Picture, Picture> PICTURE = Request.of("picture", Picture.class, Picture.class);
    static final Event<Picture> SHOWN = Event.of("shown", Picture.class);
    static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    static final Request<Point, Number> SUM = Request.ofArguments("sum", Point.class, Number.class);
    static final Request<Void, Void> NOTHING = Request.of("nothing", Void.class, Void.class);

    private final List<Object> handled = new ArrayList<>();
    private final CompletableFuture<Text> later = new CompletableFuture<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(
                                    SAY.validate(said -> {
                                        if (said.text() == null || said.text().isBlank()) {
                                            throw new IllegalArgumentException("say something");
                                        }
                                    }),
                                    (session, said) -> {
                                        handled.add(said);
                                        session.emit(SAID, said);
                                    })
                            .on(MOVED, (session, point) -> handled.add(point))
                            .on(PING, (session, nothing) -> handled.add("knock"))
                            .on(ECHO, (session, text) -> text)
                            .on(SUM, (session, point) -> new Number(point.x() + point.y()))
                            .on(NOTHING, (session, nothing) -> null)
                            .on(PICTURE, (session, picture) -> {
                                session.emit(SHOWN, picture);
                                return picture;
                            })
                            .on(DOUBLE, (session, number) -> {
                                if (number.value() < 0) {
                                    throw new EventRefusedException(
                                            "negative", "only positive numbers", Duration.ofSeconds(3));
                                }
                                if (number.value() == 0) {
                                    throw new IllegalStateException("secret of the handler");
                                }
                                return new Number(number.value() * 2);
                            })
                            .onAsync(LATER, (session, text) -> later)));

    @Test
    void anEventReachesItsHandlerAndTheAnswerTheClient() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emit(SAY, new Text("hi \"there\" ünï\uD83D\uDE00\n"));
        assertThat(ann.next(SAID)).isEqualTo(new Text("hi \"there\" ünï\uD83D\uDE00\n"));
    }

    @Test
    void aRequestIsAnsweredOnce() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Text> reply = ann.ask(ECHO, new Text("a"));
        assertThat(reply.value()).isEqualTo(new Text("a"));
        assertThat(reply.count()).isEqualTo(1);
    }

    @Test
    void anEventThatWantsAnAcknowledgementGetsAnEmptyOne() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.ask(SAY, new Text("a")).answer()).isEmpty();
        assertThat(ann.ask(NOTHING, null).value()).isNull();
    }

    @Test
    void severalArgumentsAreTheComponentsOfARecord() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emitRaw("moved", 3, -4);
        assertThat(handled).containsExactly(new Point(3, -4));
        assertThat(ann.request(SUM, new Point(40, 2))).isEqualTo(new Number(42));
        realtime.namespace("/").emit(MOVED, new Point(7, 8));
        realtime.settle();
        assertThat(ann.nextRaw("moved").arguments().toString()).isEqualTo("[7, 8]");
    }

    @Test
    void anEventWithoutArgumentsTravelsBothWays() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emit(PING);
        assertThat(handled).containsExactly("knock");
        realtime.namespace("/").emit(PING);
        realtime.settle();
        assertThat(ann.nextRaw("knock").arguments()).isEmpty();
    }

    @Test
    void severalAttachmentsTravelBothWaysOverBothTransports() {
        for (boolean polling : new boolean[] {false, true}) {
            TestClient ann = realtime.client().user("ann").polling(polling).connect("/");
            byte[] large = new byte[50_000];
            large[49_999] = 7;
            Picture answer = ann.request(
                    PICTURE, new Picture("p", large, List.of(new byte[] {1}, new byte[0], new byte[] {-1})));
            Picture shown = ann.next(SHOWN);
            for (Picture picture : List.of(answer, shown)) {
                assertThat(picture.name()).isEqualTo("p");
                assertThat(picture.pixels()).isEqualTo(large);
                assertThat(picture.tiles()).hasSize(3);
                assertThat(picture.tiles().get(0)).containsExactly(1);
                assertThat(picture.tiles().get(1)).isEmpty();
                assertThat(picture.tiles().get(2)).containsExactly(-1);
            }
        }
    }

    @Test
    void anUnknownEventIsAnsweredAndCounted() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.askRaw("fly", 1).errorCode()).isEqualTo("unknown_event");
        ann.emitRaw("fly", 1);
        assertThat(errorEvent(ann)).isEqualTo("unknown_event");
        assertThat(realtime.realtime().stats().counters()).containsEntry("events.unknown", 2L);
        assertThat(ann.request(ECHO, new Text("on"))).isEqualTo(new Text("on"));
    }

    @Test
    void aPayloadThatDoesNotFitIsAnsweredWithoutEndingTheSession() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.askRaw("echo", 7).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("echo").errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("double", "x").errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.askRaw("sum", 1).errorCode()).isEqualTo("invalid_payload");
        ann.emitRaw("echo", List.of(1));
        assertThat(errorEvent(ann)).isEqualTo("invalid_payload");
        assertThat(ann.request(ECHO, new Text("on"))).isEqualTo(new Text("on"));
    }

    @Test
    void aValidatorsMessageReachesTheClient() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Void> reply = ann.ask(SAY, new Text(" "));
        assertThat(reply.errorCode()).isEqualTo("invalid_payload");
        assertThat(reply.error().path("message").asText()).isEqualTo("say something");
        assertThat(handled).isEmpty();
    }

    @Test
    void aHandlersRefusalReachesTheClient() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Number> reply = ann.ask(DOUBLE, new Number(-1));
        assertThat(reply.errorCode()).isEqualTo("negative");
        assertThat(reply.error().path("message").asText()).isEqualTo("only positive numbers");
        assertThat(reply.error().path("retryAfterMs").asInt()).isEqualTo(3_000);
    }

    @Test
    void aHandlerThatFailsShowsNothingOfWhy() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Number> reply = ann.ask(DOUBLE, new Number(0));
        assertThat(reply.errorCode()).isEqualTo("handler_failed");
        assertThat(reply.error().toString()).doesNotContain("secret");
        assertThat(realtime.expectHandlerFailure()).hasMessageContaining("secret");
        assertThat(realtime.realtime().stats().counters()).containsEntry("events.failed", 1L);
    }

    @Test
    void handlersOfOneSessionRunInTheOrderOfTheWireAlsoBehindASlowOne() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        TestReply<Text> slow = ann.ask(LATER, new Text("x"));
        IntStream.range(0, 5).forEach(i -> ann.emit(SAY, new Text("" + i)));
        assertThat(slow.isAnswered()).isFalse();
        assertThat(handled).as("wait behind the slow one").isEmpty();
        assertThat(bob.request(ECHO, new Text("b"))).as("another session").isEqualTo(new Text("b"));
        later.complete(new Text("done"));
        realtime.settle();
        assertThat(slow.value()).isEqualTo(new Text("done"));
        assertThat(handled).containsExactly(new Text("0"), new Text("1"), new Text("2"), new Text("3"), new Text("4"));
    }

    @Test
    void anAsynchronousFailureIsAnsweredLikeAnyOther() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Text> slow = ann.ask(LATER, new Text("x"));
        later.completeExceptionally(new EventRefusedException("busy", "not now"));
        realtime.settle();
        assertThat(slow.errorCode()).isEqualTo("busy");
    }

    @Test
    void theAcknowledgementFollowsWhatTheHandlerEmitted() {
        TestClient ann = realtime.connect("/", "ann");
        InMemoryConnection socket = ann.connection();
        ann.ask(SAY, new Text("first"));
        List<String> texts = socket.texts();
        assertThat(texts).anyMatch(text -> text.startsWith("42[\"said\""));
        assertThat(texts).anyMatch(text -> text.startsWith("43"));
    }

    @Test
    void anAcknowledgementWorksWithAnyIdTheClientChooses() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        realtime.settle();
        socket.send("429007199254740991[\"say\",{\"text\":\"big\"}]");
        realtime.settle();
        assertThat(socket.texts()).contains("439007199254740991[]");
    }
}
