package dev.realtime.redis.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is decided about users, and their single login, on two nodes and a real Redis, as the official client sees it. */
class UsersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Request<String, String> BUILD =
            Request.of("build", String.class, String.class).permission("build");

    private static RedisServer redis;
    private static Node one;
    private static Node two;

    /** One engine and its port. */
    private static final class Node implements AutoCloseable {
        final List<String> ended = new CopyOnWriteArrayList<>();
        final Realtime realtime;
        final StandaloneServer server;

        Node(String url) {
            realtime = Realtime.builder()
                    .authenticator(new TestUsers())
                    .backend(RedisBackend.connect(RedisOptions.of(url)))
                    .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                    .namespace(
                            "/",
                            game -> game.on(BUILD, (session, what) -> what)
                                    .onDisconnect((session, reason) ->
                                            ended.add(session.principal().id() + " " + reason)))
                    .build();
            server = StandaloneServer.start(
                    realtime,
                    StandaloneOptions.DEFAULT
                            .host("127.0.0.1")
                            .port(0)
                            .drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        }

        @Override
        public void close() {
            server.close();
            realtime.close();
        }
    }

    @BeforeAll
    static void startCluster() throws Exception {
        NodeProcess.assumeInstalled();
        redis = RedisServer.start();
        one = new Node(redis.url());
        two = new Node(redis.url());
    }

    @AfterAll
    static void stopCluster() {
        if (redis != null) {
            one.close();
            two.close();
            redis.close();
        }
    }

    private static void done(CompletionStage<?> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPermissionThatIsGrantedAtOneNodeHoldsAtAnother() throws Exception {
        try (NodeClient ann = NodeClient.connect(one.server.port(), "ann")) {
            assertThat(ann.ask("build", "wall").toString()).contains("forbidden");
            done(two.realtime.users().user("ann").grant("build", Duration.ofMinutes(5)));
            await().atMost(PATIENCE)
                    .until(() -> !ann.ask("build", "wall").toString().contains("forbidden"));
            done(two.realtime.users().user("ann").reset("build"));
            await().atMost(PATIENCE)
                    .until(() -> ann.ask("build", "wall").toString().contains("forbidden"));
        }
    }

    @Test
    void theNewerLoginStaysAndTheOlderIsTold() {
        try (NodeClient older = NodeClient.connect(one.server.port(), "bob");
                NodeClient newer = NodeClient.connect(two.server.port(), "bob")) {
            assertThat(older.event()).contains("force_disconnect", "New login detected");
            assertThat(older.disconnected()).isEqualTo("io server disconnect");
            await().atMost(PATIENCE).until(() -> one.ended.contains("bob LOGGED_IN_ELSEWHERE"));
            assertThat(newer.ask("build", "wall").toString()).contains("forbidden");
        }
    }
}
