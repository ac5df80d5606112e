package dev.realtime.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.standalone.StandaloneServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What README.md shows compiles, runs and is what it shows. */
final class ReadmeTest {

    @ParameterizedTest
    @ValueSource(strings = {"Tavern", "Match"})
    void anExampleIsTheCodeThatIsCompiledHere(String example) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/realtime/readme", example + ".java"));
        String code = source.substring(source.indexOf("import ")).strip();
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + code + "\n```");
    }

    @Test
    void theTavernTalks() throws Exception {
        try (Realtime realtime =
                        Realtime.builder().namespace("/", Tavern::rules).build();
                StandaloneServer server = StandaloneServer.start(realtime, 0)) {
            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://localhost:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                            new Collector(received))
                    .join();
            client.sendText("40", true).join();
            assertThat(received.poll(20, TimeUnit.SECONDS)).startsWith("0{");
            assertThat(received.poll(20, TimeUnit.SECONDS)).startsWith("40{");
            client.sendText("42[\"chat:say\",\"hi\"]", true).join();
            assertThat(received.poll(20, TimeUnit.SECONDS)).startsWith("42[\"chat:said\",\"hi\"");
            client.abort();
        }
    }

    @Test
    void theMatchIsAValidConfiguration() {
        try (Realtime realtime =
                Match.game("a secret of at least thirty-two bytes").build()) {
            Match.start(realtime, "m1");
            assertThat(realtime.isOpen()).isTrue();
        }
    }

    /** Whole messages, in order. */
    private record Collector(BlockingQueue<String> received) implements WebSocket.Listener {
        @Override
        @SuppressWarnings("NullAway") // null is how the JDK's listener says that the buffer may be reused
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return null;
        }
    }
}
