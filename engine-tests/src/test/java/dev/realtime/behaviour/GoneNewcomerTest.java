package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.ConnectInterceptor;
import dev.realtime.Event;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.mail.MailOptions;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.TestRequest;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** I12, never zero: whoever has gone before it was in puts nobody out, and leaves nothing. */
class GoneNewcomerTest {
    private static final Event<String> FORCE_DISCONNECT = Event.of("force_disconnect", String.class);
    private static final Duration ROUND_TRIP = Duration.ofMillis(100);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofSeconds(20)))
                .authenticator(handshake -> handshake.auth("token").map(Principal::of))
                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                .namespace("/", game -> game.allowAnonymous());
    }

    /** Two nodes that close a connection as soon as its client is silent. */
    private static TestCluster cluster() {
        TestCluster cluster =
                TestCluster.of(2, GoneNewcomerTest::game).keepAuthenticator().start();
        cluster.nodes().forEach(node -> node.line().impatient());
        return cluster;
    }

    private static void slow(TestCluster cluster) {
        cluster.latency(ROUND_TRIP.dividedBy(2), ROUND_TRIP.dividedBy(2));
    }

    private static List<String> users(TestCluster cluster) {
        return cluster.nodes().stream()
                .flatMap(node -> node.namespace("/").sessions().stream())
                .map(session -> session.principal().id())
                .toList();
    }

    private static void leave(TestClient client, boolean inGoodOrder) {
        if (inGoodOrder) {
            client.disconnect();
        } else {
            client.dropConnection();
        }
    }

    @Test
    void whoAuthenticatesAndIsGoneBeforeItIsAnsweredPutsNobodyOut() {
        for (boolean inGoodOrder : List.of(true, false)) {
            for (int after = 0; after <= 220; after += 20) {
                try (TestCluster cluster = cluster()) {
                    TestClient older = cluster.client(1).auth("token", "ann").connect("/");
                    TestClient stranger = cluster.client(0).connect("/");
                    cluster.advance(Duration.ofSeconds(20));
                    slow(cluster);
                    stranger.askRaw("authenticate", "ann");
                    cluster.advance(Duration.ofMillis(after));
                    leave(stranger, inGoodOrder);
                    cluster.advance(Duration.ofMinutes(1));
                    assertThat(older.isConnected())
                            .as("gone after %d ms", after)
                            .isTrue();
                    assertThat(older.has(FORCE_DISCONNECT)).isFalse();
                    assertThat(users(cluster)).containsExactly("ann");
                }
            }
        }
    }

    @Test
    void whoConnectsAndIsGoneBeforeItIsInPutsNobodyOut() {
        for (int node = 0; node < 2; node++) {
            for (int after = 0; after <= 220; after += 20) {
                try (TestCluster cluster = cluster()) {
                    TestClient older = cluster.client(1).auth("token", "ann").connect("/");
                    cluster.advance(Duration.ofSeconds(20));
                    slow(cluster);
                    TestClient newer = cluster.client(node).auth("token", "ann").connect("/");
                    cluster.advance(Duration.ofMillis(after));
                    boolean in = newer.isConnected();
                    newer.dropConnection();
                    cluster.advance(Duration.ofMinutes(1));
                    assertThat(older.isConnected())
                            .as("gone after %d ms on node %d, when it was in: %s", after, node, in)
                            .isEqualTo(!in);
                }
            }
        }
    }

    @Test
    void theOneWhosePlaceWasGivenBackGoesForTheNextWhoStays() {
        try (TestCluster cluster = cluster()) {
            TestClient older = cluster.client(1).auth("token", "ann").connect("/");
            cluster.advance(Duration.ofSeconds(20));
            slow(cluster);
            TestClient gone = cluster.client(0).auth("token", "ann").connect("/");
            cluster.advance(Duration.ofMillis(160)); // its login has been written, and it does not know
            gone.dropConnection();
            cluster.advance(Duration.ofMinutes(1));
            older.dropConnection();
            cluster.advance(Duration.ofSeconds(1));
            older.reconnect(0);
            cluster.advance(Duration.ofSeconds(5));
            assertThat(older.recovered()).isTrue();
            TestClient newer = cluster.client(1).auth("token", "ann").connect("/");
            cluster.advance(Duration.ofSeconds(5));
            assertThat(newer.isConnected()).isTrue();
            assertThat(older.isConnected()).isFalse();
            assertThat(older.has(FORCE_DISCONNECT)).isTrue();
        }
    }

    @Test
    void whatIsAnsweredBehindTheDeadlinePutsNobodyOut() {
        for (int judged = 0; judged <= 4; judged++) {
            HeldTasks threads = new HeldTasks();
            try (TestRealtime realtime = TestRealtime.of(GoneNewcomerTest::game)
                    .keepAuthenticator()
                    .handlers(threads)
                    .start()) {
                TestClient older = realtime.client().auth("token", "ann").connect("/");
                TestClient stranger = realtime.client().connect("/");
                realtime.advance(Duration.ofSeconds(20));
                threads.hold();
                TestReply<JsonNode> reply = stranger.askRaw("authenticate", "ann");
                realtime.settle();
                for (int i = 0; i < judged; i++) {
                    threads.next();
                    realtime.settle();
                }
                boolean isIn = sessionUsers(realtime).equals(List.of("ann", "ann"));
                realtime.advance(Duration.ofSeconds(20)); // behind the deadline
                threads.letGo();
                realtime.advance(Duration.ofMinutes(1));
                assertThat(older.isConnected() || sessionUsers(realtime).equals(List.of("ann")))
                        .as("held from task %d on, in: %s", judged, isIn)
                        .isTrue();
                assertThat(reply.isAnswered()).isTrue();
            }
        }
    }

    @Test
    void whoHasGoneBeforeItWasInLeavesNothing() {
        HeldTasks threads = new HeldTasks();
        List<WeakReference<Principal>> users = new ArrayList<>();
        try (TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .recovery(Recovery.within(Duration.ofSeconds(20)))
                        .authenticator(handshake -> {
                            Principal user = Principal.of("ghost");
                            users.add(new WeakReference<>(user));
                            return Optional.of(user);
                        })
                        .namespace(
                                "/",
                                game -> game.mail(MailOptions.DEFAULT)
                                        .presence(PresenceOptions.DEFAULT)
                                        .intercept((ConnectInterceptor)
                                                (handshake, user, entry) -> entry.join("zone:tavern"))))
                .keepAuthenticator()
                .handlers(threads)
                .start()) {
            InMemoryConnection socket = realtime.transport()
                    .open(TestRequest.of("GET", "/socket.io/")
                            .query("EIO", "4")
                            .query("transport", "websocket")
                            .view());
            realtime.settle();
            threads.hold();
            socket.send("40{}");
            realtime.settle();
            socket.reset();
            realtime.settle();
            threads.letGo();
            realtime.advance(Duration.ofMinutes(30));
            for (int i = 0; i < 50 && users.stream().anyMatch(user -> user.get() != null); i++) {
                System.gc();
            }
            assertThat(users).hasSize(1).allMatch(user -> user.get() == null);
        }
    }

    private static List<String> sessionUsers(TestRealtime realtime) {
        return realtime.namespace("/").sessions().stream()
                .map(Session::principal)
                .map(Principal::id)
                .toList();
    }

    /** Runs tasks when it is told to. */
    private static final class HeldTasks implements Executor {
        private final ArrayDeque<Runnable> held = new ArrayDeque<>();
        private boolean holds;

        @Override
        public void execute(Runnable task) {
            if (holds) {
                held.add(task);
            } else {
                task.run();
            }
        }

        void hold() {
            holds = true;
        }

        void next() {
            Runnable task = held.poll();
            if (task != null) {
                task.run();
            }
        }

        void letGo() {
            holds = false;
            while (!held.isEmpty()) {
                held.remove().run();
            }
        }
    }
}
