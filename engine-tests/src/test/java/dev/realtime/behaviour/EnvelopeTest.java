package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.SAY;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.spi.EventTerms;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server says of an event: how long it holds, who sent it and when, and what goes along with it from node to node. */
class EnvelopeTest {
    /** What a client of {@code WebSocketEvent} gets. */
    record Letter(
            String event_type,
            Instant timestamp,
            Optional<String> sender_id,
            Text data,
            Optional<String> category,
            Optional<Instant> expiry_time) {}

    private static final Event<Text> HINT = SAID.expiresAfter(Duration.ofSeconds(5));
    private static final Event<Text> CHAT = Event.of("chat", Text.class)
            .category("chat")
            .expiresAfter(Duration.ofMinutes(1))
            .envelope((envelope, said) -> new Letter(
                    envelope.event(),
                    envelope.time(),
                    envelope.senderId(),
                    said,
                    envelope.category(),
                    envelope.expiresAt()));
    private static final Event<Letter> LETTER = Event.of("chat", Letter.class);

    private final List<String> told = new ArrayList<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Game.open(game -> game.schedule(ScheduleOptions.DEFAULT)
                        .onHeaders((event, headers, position) -> told.add(event + " " + headers)))
                .recovery(Recovery.within(Duration.ofMinutes(1)));
    }

    private Namespace on(int node) {
        return cluster.node(node).namespace("/");
    }

    private void emit(Event<Text> event, String text) {
        cluster.await(on(0).emit(event, new Text(text)));
    }

    private static List<String> texts(TestClient client) {
        return client.received(SAID).stream().map(Text::text).toList();
    }

    // ---- expiry

    @Test
    void whatHasExpiredIsNotReplayedAndIsNoGap() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        emit(HINT, "look behind you");
        emit(SAID, "lasting");
        cluster.advance(Duration.ofSeconds(6));
        emit(HINT, "look up");
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(texts(ann)).containsExactly("lasting", "look up");
        ann.dropConnection();
        emit(SAID, "later");
        ann.reconnect(0);
        assertThat(ann.recovered()).isTrue();
        assertThat(texts(ann)).containsExactly("lasting", "look up", "later");
    }

    @Test
    void whatExpiresIsReplayedInTime() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        emit(HINT, "look behind you");
        cluster.advance(Duration.ofSeconds(4));
        ann.reconnect(0);
        assertThat(texts(ann)).containsExactly("look behind you");
    }

    @Test
    void aNodeThatIsLateDeliversNothingThatHasExpired() {
        TestClient bob = cluster.connect(1, "/", "bob");
        TestNode late = cluster.node(1);
        late.freeze();
        emit(HINT, "look behind you");
        emit(SAID, "lasting");
        cluster.advance(Duration.ofSeconds(6));
        late.thaw();
        cluster.settle();
        assertThat(texts(bob)).containsExactly("lasting");
        assertThat(late.realtime().stats().counters()).containsEntry("events.expired", 1L);
    }

    @Test
    void noWallClockOfANodeMakesAnEventExpire() {
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.node(0).jumpClock(Duration.ofHours(-1));
        cluster.node(1).jumpClock(Duration.ofHours(1));
        emit(HINT, "look behind you");
        assertThat(texts(bob)).containsExactly("look behind you");
    }

    @Test
    void aNodeThatCameLaterReplaysFromTheLogNothingThatHasExpired() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.dropConnection();
        emit(HINT, "look behind you");
        emit(SAID, "lasting");
        cluster.node(1).restart();
        cluster.advance(Duration.ofSeconds(6));
        ann.reconnect(1);
        assertThat(ann.recovered()).isTrue();
        assertThat(texts(ann)).containsExactly("lasting");
    }

    @Test
    void theLifeOfAScheduledEventBeginsWhenTheLogTakesIt() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.dropConnection();
        cluster.await(on(0).header("id", "7").emitAfter(Duration.ofSeconds(10), HINT, new Text("look behind you")));
        cluster.advance(Duration.ofSeconds(12));
        assertThat(texts(ann)).containsExactly("look behind you");
        assertThat(told).contains("said {id=7}");
        cluster.advance(Duration.ofSeconds(6));
        bob.reconnect(1);
        assertThat(bob.recovered()).isTrue();
        assertThat(texts(bob)).isEmpty();
    }

    @Test
    void aLifeHasBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SAID.expiresAfter(Duration.ZERO))
                .withMessageContaining("Event.expiresAfter");
        assertThatIllegalArgumentException().isThrownBy(() -> SAID.expiresAfter(Duration.ofDays(31)));
        assertThat(SAID.contract().expiresAfter()).isEmpty();
        assertThat(HINT.contract().expiresAfter()).contains(Duration.ofSeconds(5));
    }

    // ---- what clients see

    @Test
    void theServerStampsSenderAndTime() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        Session sender = on(0).find(ann.id()).orElseThrow();
        sender.join(ZONE.of("tavern"));
        on(1).find(bob.id()).orElseThrow().join(ZONE.of("tavern"));
        Instant now = cluster.time().now();
        cluster.await(sender.room(ZONE.of("tavern")).exceptSession(ann.id()).emit(CHAT, new Text("hi")));
        assertThat(bob.next(LETTER))
                .isEqualTo(new Letter(
                        "chat",
                        now,
                        Optional.of("ann"),
                        new Text("hi"),
                        Optional.of("chat"),
                        Optional.of(now.plus(Duration.ofMinutes(1)))));
    }

    @Test
    void nobodyHasSentWhatTheServerSays() {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.await(on(1).emit(CHAT, new Text("all")));
        cluster.await(on(0).find(ann.id()).orElseThrow().emit(CHAT, new Text("you")));
        assertThat(ann.next(LETTER).sender_id()).isEmpty();
        assertThat(ann.next(LETTER).sender_id()).isEmpty();
    }

    @Test
    void theApplicationMaySayWhoseWordsTheyAre() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        Session sender = on(0).find(ann.id()).orElseThrow();
        Audience whisper = on(0).user("bob").from(sender);
        cluster.await(whisper.emit(CHAT, new Text("psst")));
        whisper.asVolatile().emit(CHAT, new Text("and lost"));
        assertThat(bob.next(LETTER).sender_id()).contains("ann");
        assertThat(bob.next(LETTER).sender_id()).contains("ann");
    }

    // ---- what nodes see

    @Test
    void headersReachEachNodeAndNoClient() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.await(on(0).header("traceparent", "00-ab-cd-01")
                .header("correlation-id", "7")
                .emit(SAID, new Text("traced")));
        emit(SAID, "plain");
        assertThat(told)
                .containsExactly(
                        "said {correlation-id=7, traceparent=00-ab-cd-01}",
                        "said {correlation-id=7, traceparent=00-ab-cd-01}");
        assertThat(ann.nextRaw("said").arguments()).hasSize(1);
        assertThat(bob.nextRaw("said").arguments()).hasSize(1);
    }

    @Test
    void headersAreBounded() {
        Audience all = on(0);
        assertRefused(all.header("Trace", "x"));
        assertRefused(all.header("", "x"));
        assertRefused(all.header("trace", "a\nb"));
        assertRefused(all.header("trace", "x".repeat(EventTerms.MAX_HEADER_LENGTH)));
        Audience many = all;
        for (int i = 0; i <= EventTerms.MAX_HEADERS; i++) {
            many = many.header("h" + i, "x");
        }
        assertRefused(many);
    }

    private static void assertRefused(Audience audience) {
        assertThatIllegalArgumentException().isThrownBy(() -> audience.emit(SAID, new Text("never")));
    }

    @Test
    void aPayloadOfAClientIsNoEnvelope() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(SAY, new Text("hi"));
        assertThat(ann.next(SAID)).isEqualTo(new Text("hi"));
        assertThat(told).isEmpty();
    }
}
