package dev.realtime.redis.interop;

import static dev.realtime.redis.interop.JavaNode.ASK;
import static dev.realtime.redis.interop.JavaNode.HELLO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Replies;
import dev.realtime.redis.RedisOptions;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sharded Pub/Sub, several streams and other names: what a Node.js server and a node agree on is theirs to choose. */
class NodeInteropOptionsTest {

    @Test
    void bothKindsMeetUnderNamesOfTheirOwn() throws Exception {
        NodeProcess.assumeInstalled();
        try (RedisServer redis = RedisServer.start();
                NodeProcess node = NodeProcess.start(
                        "server.mjs",
                        redis.url(),
                        "{\"streamName\":\"game\",\"streamCount\":3,\"channelPrefix\":\"talk\",\"sessionKeyPrefix\":\"back:\","
                                + "\"useShardedPubSub\":true}");
                JavaNode java = new JavaNode(RedisOptions.of(redis.url())
                        .streamName("game")
                        .streamCount(3)
                        .channelPrefix("talk")
                        .sessionKeyPrefix("back:")
                        .shardedPubSub(true))) {
            int nodePort = node.next("port").get("port").intValue();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> node.result("servers").intValue() == 2);
            node.awaitReading(java.namespace());
            try (NodeClient onJava = NodeClient.connect(java.port(), "jane");
                    NodeClient onNode = NodeClient.connect(nodePort, "nora")) {
                java.namespace().emit(HELLO, "from java").toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(onJava.event()).startsWith("[\"hello\",\"from java\"");
                assertThat(onNode.event()).startsWith("[\"hello\",\"from java\"");
                node.result("emit", "args", List.of("hello", "from node"));
                assertThat(onJava.event()).startsWith("[\"hello\",\"from node\"");
                assertThat(onNode.event()).startsWith("[\"hello\",\"from node\"");
                Replies<JavaNode.Answer> replies = java.namespace()
                        .request(ASK, 1, Duration.ofSeconds(10))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
                assertThat(replies.complete()).isTrue();
                assertThat(replies.answers()).hasSize(2);
                assertThat(node.result("ask", "timeout", 10_000, "args", List.of("ask", 2))
                                .findValuesAsText("answer"))
                        .containsExactlyInAnyOrder("jane", "nora");
                onJava.drop();
                assertThat(onJava.moveTo(nodePort)).isTrue();
            }
        }
    }
}
