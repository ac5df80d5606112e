package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What a real Redis is asked when a session goes on at another node. */
class ResumeCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Of sessions; what many share in one call (the call itself, its clock, the set of their node) is not among them. */
    private static final Pattern OF_ONE = Pattern.compile("cmdstat_(get|hmget|hset|set|publish|srem):calls=(\\d+)");

    @Test
    void aResumeIsAClaimAndAWordToTheFormerHome() {
        try (RedisServer redis = RedisServer.start();
                Node one = Node.start(redis);
                Node two = Node.start(redis);
                Jedis jedis = redis.jedis()) {
            Client client = Client.at(one, "40");
            one.awaitRecords();
            client.socket.abort();

            Map<String, Long> before = commands(jedis);
            Client back = Client.at(two, "40{\"pid\":\"" + client.privateId() + "\"}");
            assertThat(back.privateId()).isEqualTo(client.privateId());
            two.awaitRecords();

            await().atMost(PATIENCE)
                    .until(() -> since(before, jedis)
                            .equals(Map.of("get", 1L, "hmget", 1L, "hset", 1L, "publish", 1L, "srem", 1L)));
        }
    }

    private static Map<String, Long> since(Map<String, Long> before, Jedis jedis) {
        Map<String, Long> commands = commands(jedis);
        commands.replaceAll((name, calls) -> calls - before.getOrDefault(name, 0L));
        commands.values().removeIf(calls -> calls == 0);
        return commands;
    }

    private static Map<String, Long> commands(Jedis jedis) {
        Map<String, Long> commands = new TreeMap<>();
        Matcher matcher = OF_ONE.matcher(jedis.info("commandstats"));
        while (matcher.find()) {
            commands.put(matcher.group(1), Long.parseLong(matcher.group(2)));
        }
        return commands;
    }

    private record Node(RedisBackend backend, Realtime realtime, StandaloneServer server) implements AutoCloseable {
        /** Its heartbeats, which look at the epoch, come too late to be counted. */
        static Node start(RedisServer redis) {
            RedisBackend backend =
                    RedisBackend.connect(RedisOptions.of(redis.url()).heartbeat(PATIENCE.multipliedBy(2)));
            Realtime realtime = Realtime.builder()
                    .backend(backend)
                    .namespace("/", game -> game.allowAnonymous())
                    .build();
            realtime.ready().toCompletableFuture().join();
            return new Node(
                    backend,
                    realtime,
                    StandaloneServer.start(
                            realtime,
                            StandaloneOptions.DEFAULT
                                    .host("127.0.0.1")
                                    .port(0)
                                    .drain(DrainOptions.atOnce(Duration.ofSeconds(10)))));
        }

        void awaitRecords() {
            for (Session session : realtime.namespace("/").sessions()) {
                session.recorded().toCompletableFuture().join();
            }
        }

        @Override
        public void close() {
            server.close();
            realtime.close();
            backend.close();
        }
    }

    /** A client that has been let in. */
    private static final class Client implements WebSocket.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final WebSocket socket;

        private Client(Node node) {
            URI uri = URI.create("ws://localhost:" + node.server.port() + "/socket.io/?EIO=4&transport=websocket");
            this.socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(uri, this)
                    .join();
        }

        static Client at(Node node, String connect) {
            Client client = new Client(node);
            client.socket.sendText(connect, true).join();
            await().atMost(PATIENCE).until(() -> client.heard.stream().anyMatch(packet -> packet.startsWith("40{")));
            return client;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard.add(data.toString());
            from.request(1);
            return null;
        }

        String privateId() {
            return heard.stream()
                    .filter(packet -> packet.startsWith("40{"))
                    .findFirst()
                    .orElseThrow()
                    .replaceAll(".*\"pid\":\"([^\"]+)\".*", "$1");
        }
    }
}
