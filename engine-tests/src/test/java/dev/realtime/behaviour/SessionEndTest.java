package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the application can still do, and what is still done for the client, when a session ends. */
class SessionEndTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);

    private static final RoomKey TAVERN = Game.ZONE.of("tavern");

    private final CompletableFuture<Text> later = new CompletableFuture<>();
    private final List<String> handled = new ArrayList<>();
    private Recovery recovery = Recovery.off();
    private final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .recovery(recovery)
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .onConnect(session -> session.join(TAVERN))
                            .onAsync(LATER, (session, text) -> later)
                            .on(ECHO, (session, text) -> {
                                handled.add(text.text());
                                return text;
                            })
                            .onDisconnect((session, reason) -> {
                                handled.add(reason.code());
                                for (RoomKey room : session.rooms()) {
                                    session.room(room)
                                            .emit(
                                                    SAID,
                                                    new Text(session.principal().id() + " left " + room));
                                }
                            }))
            .namespace("/chat", chat -> chat.allowAnonymous()));

    @AfterEach
    void stop() {
        realtime.close();
    }

    @Test
    void whoIsLeftInItsRoomsCanBeTold() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        ann.disconnect();
        realtime.settle();
        assertThat(bob.received(SAID)).containsExactly(new Text("ann left " + TAVERN));
    }

    @Test
    void theRoomsItHadAreNotItsOwnAnyMore() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        var session = Game.session(realtime, ann);
        session.disconnect();
        realtime.settle();
        assertThat(session.rooms()).containsExactlyInAnyOrder(TAVERN, RoomKind.USER.of("ann"));
        session.join("zone:late");
        session.leave(TAVERN);
        assertThat(session.rooms()).containsExactlyInAnyOrder(TAVERN, RoomKind.USER.of("ann"));
        assertThat(realtime.await(realtime.namespace("/").room(TAVERN).fetch()).sessions())
                .isEmpty();
    }

    @Test
    void whatWasReceivedIsHandledAlthoughTheConnectionHasGone() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("x"));
        for (int i = 0; i < 5; i++) {
            ann.emitRaw("echo", new Text("e" + i));
        }
        realtime.settle();
        ann.closeConnection();
        realtime.settle();
        later.complete(new Text("done"));
        realtime.settle();
        assertThat(handled).containsExactly("e0", "e1", "e2", "e3", "e4", "transport_closed");
    }

    @Test
    void whatWasReceivedIsHandledAlthoughTheClientHasSaidGoodbye() {
        recovery = Recovery.within(Duration.ofMinutes(1));
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("x"));
        ann.emitRaw("echo", new Text("last"));
        ann.disconnect();
        realtime.settle();
        later.complete(new Text("done"));
        realtime.settle();
        assertThat(handled).containsExactly("last", "client_disconnect");
    }

    @Test
    void whomTheServerSendsAwayIsNotListenedToAnyMore() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(LATER, new Text("x"));
        ann.emitRaw("echo", new Text("too late"));
        realtime.settle();
        Game.session(realtime, ann).disconnect();
        later.complete(new Text("done"));
        realtime.settle();
        assertThat(handled).containsExactly("server_disconnect");
    }

    @Test
    void aConnectionThatIsClosedSaysGoodbyeInEachNamespace() {
        realtime.start();
        TestClient ann = realtime.connect("/", "ann");
        TestClient chat = ann.also("/chat");
        Game.session(realtime, ann).disconnect(true);
        realtime.advance(Duration.ofSeconds(10));
        assertThat(ann.disconnectReason()).isEqualTo("io server disconnect");
        assertThat(chat.disconnectReason()).isEqualTo("io server disconnect");
        assertThat(realtime.realtime().stats().connections()).isZero();
        assertThat(realtime.realtime().stats().sessions()).isZero();
    }

    @Test
    void listenersAreCalledWithoutTheSessionsLock() {
        List<String> locked = new ArrayList<>();
        List<String> called = new ArrayList<>();
        TestCluster cluster = TestCluster.of(
                1,
                () -> Realtime.builder()
                        .namespace(
                                "/",
                                game -> game.onConnect(session -> {
                                            called.add("connect");
                                            note(locked, "onConnect", session);
                                        })
                                        .onSuspend((session, reason) -> {
                                            called.add("suspend");
                                            note(locked, "onSuspend", session);
                                        })
                                        .onResume(session -> {
                                            called.add("resume");
                                            note(locked, "onResume", session);
                                        })
                                        .onDisconnect((session, reason) -> {
                                            called.add("disconnect");
                                            note(locked, "onDisconnect", session);
                                        })),
                1,
                (time, executor) -> Runnable::run,
                (time, executor) -> executor);
        try (cluster) {
            cluster.start();
            TestClient ann = cluster.connect(0, "/", "ann");
            ann.dropConnection();
            cluster.settle();
            ann.reconnect();
            ann.disconnect();
            cluster.settle();
            assertThat(called).containsExactly("connect", "suspend", "resume", "disconnect");
            assertThat(locked).isEmpty();
        }
    }

    private static void note(List<String> locked, String call, Object session) {
        if (Thread.holdsLock(session)) {
            locked.add(call);
        }
    }
}
