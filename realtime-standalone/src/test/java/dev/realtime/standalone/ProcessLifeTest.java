package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process whose {@code main} only starts a server lives as long as that server, and no longer. */
class ProcessLifeTest {

    /** The process. What it hears on its input closes the server, from a thread that keeps no process alive. */
    static final class Game {
        private Game() {}

        public static void main(String[] args) {
            Realtime realtime = Realtime.builder()
                    .namespace("/", game -> game.allowAnonymous())
                    .build();
            StandaloneServer server = StandaloneServer.start(realtime, 0);
            Thread main = Thread.currentThread();
            Thread closer = new Thread(() -> {
                try {
                    main.join();
                    System.out.println(server.port());
                    int asked = System.in.read();
                    server.close();
                    realtime.close();
                    System.out.println("closed " + (char) asked);
                } catch (Exception e) {
                    e.printStackTrace();
                }
            });
            closer.setDaemon(true);
            closer.start();
        }
    }

    @Test
    void theProcessLivesUntilTheServerIsClosed() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Game.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String port = out.readLine();
            assertThat(port).as("after main has returned").isNotNull();
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(health, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            process.getOutputStream().write('x');
            process.getOutputStream().flush();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("ended by itself")
                    .isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
