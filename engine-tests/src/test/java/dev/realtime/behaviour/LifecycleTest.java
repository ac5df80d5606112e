package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Attribute;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** I17 and I18: each transition is told once, and nothing is left behind. */
class LifecycleTest {
    private static final Attribute<Text> NAME = Attribute.recorded("name", Text.class);
    private static final Attribute<Thread> WORKER = Attribute.local("worker", Thread.class);

    private final List<String> told = new ArrayList<>();
    private Recovery recovery = Recovery.within(Duration.ofMinutes(1));
    private final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .recovery(recovery)
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onConnect(session -> {
                                told.add("connect");
                                session.emit(SAID, new Text("welcome"));
                            })
                            .onSuspend((session, reason) -> told.add("suspend"))
                            .onResume(session -> told.add("resume"))
                            .onDisconnect((session, reason) -> told.add("disconnect " + reason.code()))
                            .on(Game.ECHO, (session, text) -> {
                                told.add("echo");
                                return text;
                            })));

    @AfterEach
    void stop() {
        realtime.close();
    }

    @Test
    void connectComesBeforeTheFirstEvent() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.request(Game.ECHO, new Text("a"));
        assertThat(told).containsExactly("connect", "echo");
        assertThat(ann.next(SAID).text()).isEqualTo("welcome");
    }

    @Test
    void theEndIsToldOnceHoweverOftenItHappens() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        session.disconnect();
        session.disconnect(true);
        ann.dropConnection();
        session.disconnect();
        realtime.advance(Duration.ofMinutes(5));
        assertThat(told).containsExactly("connect", "disconnect server_disconnect");
    }

    @Test
    void aDropAndTheEndOfTheWindowAreToldOnceEach() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.loseNetwork();
        realtime.advance(Duration.ofMinutes(10));
        assertThat(told).containsExactly("connect", "suspend", "disconnect window_over");
    }

    @Test
    void withoutRecoveryADropIsTheEndAndEventsCarryNoOffset() {
        recovery = Recovery.off();
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.privateId()).isEmpty();
        assertThat(ann.next(SAID).text()).isEqualTo("welcome");
        assertThat(ann.connection().texts()).anyMatch(text -> text.equals("42[\"said\",{\"text\":\"welcome\"}]"));
        ann.dropConnection();
        assertThat(told).containsExactly("connect", "disconnect transport_error");
    }

    @Test
    void everyRegistryIsEmptyAfterTheLastSession() {
        realtime.start();
        realtime.advance(Duration.ofMinutes(1));
        int timers = realtime.time().timers();
        for (int i = 0; i < 10; i++) {
            TestClient client = realtime.connect("/", "user" + i);
            Game.session(realtime, client).join("zone:cave");
            client.request(Game.ECHO, new Text("x"));
            switch (i % 3) {
                case 0 -> client.disconnect();
                case 1 -> client.dropConnection();
                default -> client.loseNetwork();
            }
        }
        realtime.advance(Duration.ofMinutes(10));
        assertThat(realtime.realtime().stats().connections()).isZero();
        assertThat(realtime.realtime().stats().sessions()).isZero();
        assertThat(realtime.realtime().stats().suspended()).isZero();
        assertThat(realtime.namespace("/").sessions()).isEmpty();
        assertThat(realtime.namespace("/").room("zone:cave").members()).isEmpty();
        assertThat(realtime.time().timers()).as("timers left").isLessThanOrEqualTo(timers);
    }

    @Test
    void attributesLastAsLongAsTheSessionAndSurviveADrop() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        session.set(NAME, new Text("Ann"));
        session.set(WORKER, Thread.currentThread());
        assertThat(session.recorded().toCompletableFuture()).isDone();
        ann.dropConnection();
        ann.reconnect();
        assertThat(Game.session(realtime, ann).get(NAME)).isEqualTo(new Text("Ann"));
        assertThat(Game.session(realtime, ann).get(WORKER)).isSameAs(Thread.currentThread());
        session.set(NAME, null);
        assertThat(session.get(NAME)).isNull();
    }

    @Test
    void theStoreHoldsWhatAnotherNodeNeedsBeforeTheConnectionIsLost() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        Session session = Game.session(realtime, ann);
        session.join("zone:cave");
        session.set(NAME, new Text("Ann"));
        realtime.await(session.recorded());
        var record = realtime.await(
                        realtime.backend().sessions().find(ann.privateId().orElseThrow()))
                .orElseThrow();
        assertThat(record.sessionId()).isEqualTo(ann.id());
        assertThat(record.principal().id()).isEqualTo("ann");
        assertThat(record.attributes()).containsEntry("name", "{\"text\":\"Ann\"}");
        assertThat(record.memberships())
                .anyMatch(membership -> membership.room().equals("zone:cave") && membership.left() == null);
        ann.disconnect();
        assertThat(realtime.await(
                        realtime.backend().sessions().find(ann.privateId().orElseThrow())))
                .isEmpty();
    }

    @Test
    void aListenerThatFailsDisturbsNothing() {
        TestRealtime failing = TestRealtime.of(() -> Realtime.builder()
                        .namespace(
                                "/",
                                game -> game.allowAnonymous()
                                        .onConnect(session -> {
                                            throw new IllegalStateException("on purpose");
                                        })
                                        .onDisconnect((session, reason) -> {
                                            throw new IllegalStateException("on purpose");
                                        })
                                        .on(Game.ECHO, (session, text) -> text)))
                .allowHandlerFailures()
                .start();
        TestClient bob = failing.connect("/", "bob");
        if (bob.isConnected()) {
            bob.request(Game.ECHO, new Text("b"));
            bob.disconnect();
        }
        assertThat(failing.realtime().stats().sessions()).isZero();
        failing.close();
    }
}
