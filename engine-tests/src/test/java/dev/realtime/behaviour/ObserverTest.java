package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.DOUBLE;
import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Registration;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.transport.Heartbeat;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an observer of the engine is told. */
class ObserverTest {
    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Event<Text> SAID = Event.of("said", Text.class);
    private static final Event<Text> SEEN = Event.of("seen", Text.class);
    private static final Event<Text> RARE = Event.of("rare", Text.class).limit(RateLimit.perMinute(1));
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Request<Text, Text> OWN = Request.of("own", Text.class, Text.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<String> told = new ArrayList<>();
    private CompletableFuture<Text> answer = new CompletableFuture<>();
    private Runnable own = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .heartbeat(Heartbeat.DEFAULT.interval(Duration.ofSeconds(10)).timeout(Duration.ofSeconds(5)))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onConnect(session -> session.join("zone:lobby"))
                            .on(ECHO, (session, text) -> text)
                            .on(RARE, (session, text) -> {})
                            .on(SAY, this::say)
                            .onAsync(LATER, (session, text) -> answer)
                            .onAcknowledge(OWN, (session, text, ack) -> own = () -> ack.give(text))));

    private void say(dev.realtime.Session session, Text text) {
        switch (text.text()) {
            case "no" -> throw new EventRefusedException("not_here", "not here");
            case "broken" -> throw new IllegalStateException("broken");
            default -> {
                session.room("zone:lobby").emit(SAID, text);
                session.room("zone:lobby").asVolatile().emit(SEEN, text);
            }
        }
    }

    private final class Observer implements EngineObserver {
        private void told(String what) {
            for (MonitorInfo monitor : ManagementFactory.getThreadMXBean()
                    .getThreadInfo(new long[] {Thread.currentThread().getId()}, true, false)[0]
                    .getLockedMonitors()) {
                assertThat(monitor.getClassName()).as(what).doesNotStartWith("dev.realtime.internal");
            }
            told.add(what);
        }

        @Override
        public void handled(String event, Outcome outcome, long nanos) {
            told(event + " " + outcome + " in " + Duration.ofNanos(nanos));
        }

        @Override
        public void refused(@Nullable String event, String code) {
            told(event + " refused: " + code);
        }

        @Override
        public void acknowledged(@Nullable String event, long nanos) {
            told(event + " acknowledged in " + Duration.ofNanos(nanos));
        }

        @Override
        public void answered(String event, long nanos) {
            told(event + " answered in " + Duration.ofNanos(nanos));
        }

        @Override
        public void emitted(String event, boolean mayBeLost) {
            told(event + (mayBeLost ? " emitted, may be lost" : " emitted"));
        }

        @Override
        public void appended(long nanos) {
            told("appended");
        }

        @Override
        public void followed(int entries, long millis) {
            told("followed " + entries + " after " + millis);
        }

        @Override
        public void ponged(long nanos) {
            told("ponged");
        }

        @Override
        public void wrote(int frames, int bytes) {
            assertThat(bytes).isPositive();
            told("wrote " + frames);
        }
    }

    private TestClient observed() {
        TestClient ann = realtime.connect("/", "ann");
        realtime.settle();
        realtime.realtime().observe(new Observer());
        return ann;
    }

    @Test
    void anEventIsHandledAndWhatItEmitsIsToldOf() {
        TestClient ann = observed();
        ann.emit(SAY, new Text("hello"));
        realtime.settle();
        assertThat(told)
                .containsSubsequence("said emitted", "seen emitted, may be lost", "say HANDLED in PT0S")
                .contains("appended", "followed 1 after 0", "wrote 2");
    }

    @Test
    void aRequestIsHandledAndAcknowledged() {
        TestClient ann = observed();
        ann.request(ECHO, new Text("hello"));
        assertThat(told).containsExactly("echo acknowledged in PT0S", "echo HANDLED in PT0S", "wrote 1");
    }

    @Test
    void aHandlerThatAnswersLaterIsTimedUntilThen() {
        TestClient ann = observed();
        TestReply<Text> reply = ann.ask(LATER, new Text("hello"));
        realtime.advance(SECOND);
        assertThat(told).noneMatch(line -> line.startsWith("later"));
        answer.complete(new Text("hello"));
        realtime.settle();
        assertThat(reply.isAnswered()).isTrue();
        assertThat(told).containsSubsequence("later acknowledged in PT1S", "later HANDLED in PT1S");
    }

    @Test
    void aHandlerThatAcknowledgesByItselfIsTimedUntilItReturns() {
        TestClient ann = observed();
        ann.ask(OWN, new Text("hello"));
        realtime.advance(SECOND);
        assertThat(told).contains("own HANDLED in PT0S");
        own.run();
        realtime.settle();
        assertThat(told).contains("own acknowledged in PT1S");
    }

    @Test
    void whatAHandlerRefusesIsToldWithItsReason() {
        TestClient ann = observed();
        ann.emit(SAY, new Text("no"));
        realtime.settle();
        assertThat(told).containsSubsequence("say REFUSED in PT0S", "say refused: not_here");
    }

    @Test
    void aHandlerThatFailsIsToldOf() {
        realtime.allowHandlerFailures();
        TestClient ann = observed();
        ann.emit(SAY, new Text("broken"));
        realtime.settle();
        assertThat(told).contains("say FAILED in PT0S").noneMatch(line -> line.startsWith("say refused"));
    }

    @Test
    void whatALimitRefusesIsToldByContract() {
        TestClient ann = observed();
        ann.emit(RARE, new Text("one"));
        ann.emit(RARE, new Text("two"));
        realtime.settle();
        assertThat(told).containsOnlyOnce("rare HANDLED in PT0S").contains("rare refused: rate_limited");
    }

    @Test
    void whatAClientMakesUpHasNoName() {
        TestClient ann = observed();
        ann.askRaw("made-up");
        realtime.settle();
        assertThat(told).contains("null refused: unknown_event", "null acknowledged in PT0S");
    }

    @Test
    void aClientThatAnswersAQuestionIsTimed() {
        TestClient ann = observed();
        ann.answer(DOUBLE, number -> new Number(number.value() * 2));
        realtime.await(Game.session(realtime, ann).request(DOUBLE, new Number(21), SECOND));
        assertThat(told).contains("double answered in PT0S");
    }

    @Test
    void whatNobodyWantsToBeTimedIsToldOfWithoutATime() {
        TestClient ann = realtime.connect("/", "ann");
        realtime.realtime().observe(new EngineObserver() {
            @Override
            public boolean times(@Nullable String event) {
                told.add(event + "?");
                return false;
            }

            @Override
            public void handled(String event, Outcome outcome, long nanos) {
                told.add(event + " " + nanos);
            }

            @Override
            public void acknowledged(@Nullable String event, long nanos) {
                told.add(event + " acknowledged");
            }
        });
        ann.request(ECHO, new Text("hello"));
        assertThat(told).containsExactly("echo?", "echo " + EngineObserver.NOT_TIMED);
    }

    @Test
    void aPongIsTimed() {
        observed();
        realtime.advance(Duration.ofSeconds(11));
        assertThat(told).contains("ponged");
    }

    @Test
    void nobodyIsToldAfterTheEnd() {
        TestClient ann = realtime.connect("/", "ann");
        Registration one = realtime.realtime().observe(new Observer());
        Registration other = realtime.realtime().observe(new Observer());
        ann.request(ECHO, new Text("twice"));
        assertThat(told.stream().filter("echo HANDLED in PT0S"::equals)).hasSize(2);
        one.close();
        one.close();
        told.clear();
        ann.request(ECHO, new Text("once"));
        assertThat(told.stream().filter("echo HANDLED in PT0S"::equals)).hasSize(1);
        other.close();
        told.clear();
        ann.request(ECHO, new Text("never"));
        assertThat(told).isEmpty();
    }

    @Test
    void whatAnObserverThrowsGoesNoFurther() {
        realtime.realtime().observe(new EngineObserver() {
            @Override
            public void handled(String event, Outcome outcome, long nanos) {
                throw new IllegalStateException("no room for metrics");
            }
        });
        realtime.realtime().observe(new Observer());
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.request(ECHO, new Text("hello"))).isEqualTo(new Text("hello"));
        assertThat(told).contains("echo HANDLED in PT0S");
        assertThat(realtime.realtime().stats().counters()).containsEntry("observers.failed", 1L);
    }

    @Test
    void endsAreCountedByReasonAndGaugesSayWhatWaits() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient ben = realtime.client().user("ben").polling(true).connect("/");
        assertThat(realtime.realtime().stats().gauges())
                .containsEntry("connections.websocket", 1L)
                .containsEntry("connections.polling", 1L)
                .containsEntry("rooms", 3L) // of each user, and the lobby
                .containsEntry("outbox.stalled", 0L);
        ben.disconnect();
        ann.stall();
        realtime.namespace("/").room("zone:lobby").emit(SAID, new Text("hello"));
        realtime.advance(Duration.ofMillis(1_001));
        assertThat(realtime.realtime().stats().gauges())
                .containsEntry("outbox.stalled", 1L)
                .containsEntry("outbox.waiting", 1L)
                .hasEntrySatisfying("outbox.bytes", bytes -> assertThat(bytes).isPositive());
        ann.resume();
        ann.dropConnection();
        realtime.settle();
        assertThat(realtime.realtime().stats().counters())
                .containsEntry("sessions.closed.client_disconnect", 1L)
                .hasEntrySatisfying(
                        "connections.closed.transport_closed",
                        count -> assertThat(count).isPositive());
    }

    @Test
    void freshSessionsAreCountedByReason() {
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        ann.forge("no such session", "no such offset");
        ann.reconnect();
        assertThat(realtime.realtime().stats().counters())
                .containsEntry("sessions.fresh", 1L)
                .containsEntry("sessions.fresh.unknown_session", 1L);
    }

    @Test
    void whoSendsAndWhoLeavesIsTold() {
        List<String> clients = new ArrayList<>();
        realtime.realtime().observe(new EngineObserver() {
            @Override
            public void received(Session session, @Nullable String event) {
                clients.add(session.principal().id() + " sent " + event);
            }

            @Override
            public void left(Session session, DisconnectReason reason) {
                clients.add(
                        session.principal().id() + " left: " + reason.code() + (session.isClosed() ? ", ended" : ""));
            }
        });
        TestClient ann = realtime.connect("/", "ann");
        TestClient ben = realtime.connect("/", "ben");
        ann.request(ECHO, new Text("hi"));
        ann.emitRaw("made up", 1);
        ben.dropConnection();
        ann.disconnect();
        realtime.settle();
        assertThat(clients)
                .containsExactlyInAnyOrder(
                        "ann sent echo",
                        "ann sent null",
                        "ben left: " + DisconnectReason.TRANSPORT_ERROR.code(),
                        "ann left: " + DisconnectReason.CLIENT_DISCONNECT.code() + ", ended");
    }
}
