package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.state.StateValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that change a state on a real Redis are killed while they do: who watches sees each version once and in order, and the last one. */
class StateWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int KILLS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    /** A client that keeps what it is shown. */
    private static final class Viewer implements WebSocket.Listener {
        final List<JsonNode> shown = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();

        int last() {
            return shown.isEmpty()
                    ? 0
                    : shown.get(shown.size() - 1).path("state").asInt();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String packet = text.toString();
                text.setLength(0);
                if (packet.equals("2")) {
                    from.sendText("3", true);
                } else if (packet.startsWith("42")) {
                    shown.add(read(packet.substring(2)).get(1));
                }
            }
            from.request(1);
            return null;
        }

        private static JsonNode read(String json) {
            try {
                return JSON.readTree(json);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void noVersionIsLostOrDoubledWhenWritersAreKilled() throws Exception {
        Viewer viewer = new Viewer();
        try (RedisServer redis = RedisServer.start();
                Realtime realtime = StateNode.options(redis.url()).build();
                StandaloneServer server = StandaloneServer.start(
                        realtime,
                        StandaloneOptions.DEFAULT
                                .host("127.0.0.1")
                                .port(0)
                                .drain(DrainOptions.atOnce(Duration.ofSeconds(10))))) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                            viewer)
                    .join();
            socket.sendText("40{\"user\":\"ann\"}", true).join();
            for (int kill = 1; kill <= KILLS; kill++) {
                File log = folder.resolve("writer-" + kill + ".log").toFile();
                int before = viewer.last();
                try (NodeProcess writer = NodeProcess.start(StateNode.class, log, redis.url())) {
                    await().atMost(PATIENCE).until(() -> viewer.last() > before + 50);
                    writer.kill();
                }
                if (kill % 2 == 0) {
                    StateNode.count(realtime, "here").toCompletableFuture().join();
                }
            }
            StateValue<Integer> last =
                    StateNode.state(realtime).read().toCompletableFuture().join();
            await().atMost(PATIENCE).until(() -> Integer.valueOf(viewer.last()).equals(last.value()));
            assertThat(viewer.shown)
                    .extracting(event -> event.path("version").asLong())
                    .isSorted();
            int first = viewer.shown.get(0).path("state").asInt();
            for (int i = 0; i < viewer.shown.size(); i++) {
                assertThat(viewer.shown.get(i).path("state").asInt()).isEqualTo(first + i);
            }
        }
    }
}
