package dev.realtime.redis.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.RedisOptions;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/**
 * A session that a server of Node.js takes ends for the nodes of the library, and begins for them when it comes from there: each beginning has one
 * end, whatever way it goes (I23).
 */
class NodeEndsTest {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private RedisServer redis;
    private NodeProcess node;
    private int nodePort;
    private JavaNode java;
    private JavaNode other;

    @BeforeEach
    void startCluster() throws Exception {
        NodeProcess.assumeInstalled();
        redis = RedisServer.start();
        node = NodeProcess.start("server.mjs", redis.url());
        nodePort = node.next("port").get("port").intValue();
        java = new JavaNode(RedisOptions.of(redis.url()), WINDOW);
        other = new JavaNode(RedisOptions.of(redis.url()), WINDOW);
        await().atMost(PATIENCE).until(() -> node.result("servers").intValue() == 3);
        node.awaitReading(java.namespace());
    }

    @AfterEach
    void stopCluster() {
        Stream.of(other, java, node, redis).forEach(one -> {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
    }

    private void drop(NodeClient client) {
        String id = client.id();
        client.drop();
        await().atMost(PATIENCE)
                .until(() ->
                        node.result("rooms", "sid", id).isBoolean()); // as long as a server has it, nobody else may
    }

    private void toNode(NodeClient client) {
        String id = client.id();
        drop(client);
        assertThat(client.moveTo(nodePort)).isTrue();
        assertThat(client.id()).isEqualTo(id);
    }

    private void toJava(NodeClient client, JavaNode home) {
        String id = client.id();
        drop(client);
        assertThat(client.moveTo(home.port())).isTrue();
        assertThat(client.id()).isEqualTo(id);
    }

    private void awaitBalance(String id, int times) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(begun(id)).as("beginnings").hasSize(times);
            assertThat(ended(id)).as("ends").hasSize(times);
        });
    }

    private List<String> begun(String id) {
        return Stream.of(java, other)
                .flatMap(one -> one.begun.stream())
                .filter(id::equals)
                .toList();
    }

    private List<String> ended(String id) {
        return Stream.of(java, other)
                .flatMap(one -> one.ended.stream())
                .filter(end -> end.startsWith(id + " "))
                .toList();
    }

    @Test
    void eachBeginningHasOneEndWhicheverWayASessionGoes() throws Exception {
        List<AutoCloseable> clients = new ArrayList<>();
        NodeClient jane = NodeClient.connect(java.port(), "jane");
        clients.add(jane);
        NodeClient jill = NodeClient.connect(java.port(), "jill");
        clients.add(jill);
        NodeClient nora = NodeClient.connect(nodePort, "nora");
        clients.add(nora);
        NodeClient otto = NodeClient.connect(other.port(), "otto");
        clients.add(otto);
        // a Node.js server resumes nobody without an offset
        java.namespace().emit(JavaNode.HELLO, "first").toCompletableFuture().join();
        List.of(jane, jill, nora, otto).forEach(NodeClient::event);

        toNode(jane); // and her former home learns of it when her window is over
        awaitBalance(jane.id(), 1);
        assertThat(ended(jane.id())).containsExactly(jane.id() + " TAKEN_OVER");

        toNode(jill); // and back before that
        toJava(jill, java);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(begun(jill.id())).hasSize(2));

        toJava(nora, java); // from there to here, on to another of us, and back there
        toJava(nora, other);
        assertThat(begun(nora.id())).hasSize(1);
        toNode(nora);
        awaitBalance(nora.id(), 1);

        toNode(otto); // and then to another of us before his home has learned of it
        toJava(otto, java);
        awaitEnd(otto, other);

        String[] ids = {jane.id(), jill.id(), nora.id(), otto.id()};
        toJava(jane, other);
        toJava(nora, java);
        java.namespace().disconnect(true).toCompletableFuture().join();
        for (AutoCloseable client : clients) {
            client.close();
        }
        for (String id : ids) {
            awaitBalance(id, 2);
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (Jedis jedis = redis.jedis()) {
                assertThat(jedis.keys("sio:session:*")).isEmpty();
            }
        });
    }

    private void awaitEnd(NodeClient client, JavaNode home) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(home.ended).containsOnlyOnce(client.id() + " TAKEN_OVER"));
    }
}
