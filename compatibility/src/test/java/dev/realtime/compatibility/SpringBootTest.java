package dev.realtime.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.server.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.Jedis;

/** Two nodes in Spring Boot on one Redis, on the versions of Jedis, Jackson, Tomcat and SLF4J that this Spring Boot manages. */
class SpringBootTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private RedisServer redis;
    private ConfigurableApplicationContext one;
    private ConfigurableApplicationContext two;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        one = node();
        two = node();
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        redis.close();
    }

    private ConfigurableApplicationContext node() {
        return new SpringApplicationBuilder(Game.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "spring.main.banner-mode=off",
                        "game.redis=" + redis.url())
                .run();
    }

    private static int port(ConfigurableApplicationContext node) {
        return node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Test
    void anEventReachesTheSessionsOfBothNodesBesideWhatSpringServes() throws Exception {
        Player ann = new Player().connect(port(one));
        Player bob = new Player().connect(port(two));
        ann.say("hi");
        ann.awaitTexts("hi");
        bob.awaitTexts("hi");
        assertThat(bob.events().get(0).get(1))
                .hasToString("{\"from\":\"" + ann.sessionId() + "\",\"text\":\"hi\",\"at\":\"" + Game.SINCE + "\"}");

        HttpResponse<String> state = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(one) + "/state"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(state.statusCode()).isEqualTo(200);
        assertThat(state.body()).isEqualTo("{\"node\":\"tavern\",\"since\":\"" + Game.SINCE + "\"}");
    }

    @Test
    void aSessionThatLostItsConnectionResumesAtTheOtherNode() {
        Player ann = new Player().connect(port(one));
        Player bob = new Player().connect(port(two));
        bob.say("one");
        ann.awaitTexts("one");
        String session = ann.sessionId();
        ann.drop();
        bob.say("two");
        bob.awaitTexts("one", "two");
        ann.connect(port(two));
        assertThat(ann.sessionId()).isEqualTo(session);
        bob.say("three");
        ann.awaitTexts("one", "two", "three");
    }

    @Test
    void aNodeThatStopsHandsItsSessionsOverAndLeavesNothingBehind() {
        Player ann = new Player().connect(port(one));
        Player bob = new Player().connect(port(two));
        bob.say("one");
        ann.awaitTexts("one");
        String session = ann.sessionId();

        one.close();
        await().atMost(PATIENCE).until(() -> !ann.isConnected());
        bob.say("two");
        ann.connect(port(two));
        assertThat(ann.sessionId()).isEqualTo(session);
        ann.awaitTexts("one", "two");

        two.close();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ourThreads()).isEmpty();
            assertThat(connectionsToRedis()).hasSize(1);
        });
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("realtime"))
                .toList();
    }

    private List<String> connectionsToRedis() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.clientList().lines().toList();
        }
    }
}
