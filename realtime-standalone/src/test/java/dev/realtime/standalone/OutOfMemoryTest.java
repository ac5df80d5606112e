package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.transport.Heartbeat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process whose heap was full for a while serves again when it is not: it never lives on deaf. */
class OutOfMemoryTest {
    private static final int FILLERS = 4;
    private static final Duration FULL = Duration.ofSeconds(4);

    /** The process: a server, and threads that fill the heap until they are told to stop. */
    static final class Node {
        private Node() {}

        @SuppressWarnings("EmptyCatch")
        public static void main(String[] args) throws Exception {
            Realtime realtime = Realtime.builder()
                    .namespace("/", game -> {})
                    .heartbeat(
                            Heartbeat.DEFAULT.interval(Duration.ofMillis(300)).timeout(Duration.ofSeconds(5)))
                    .build();
            StandaloneServer server = StandaloneServer.start(
                    realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
            System.out.println("port " + server.port());
            long end = System.nanoTime() + FULL.toNanos();
            List<Thread> fillers = new ArrayList<>();
            for (int i = 0; i < FILLERS; i++) {
                Thread filler = new Thread(() -> fill(end));
                filler.start();
                fillers.add(filler);
            }
            for (Thread filler : fillers) {
                filler.join();
            }
            System.out.println("empty again");
            Thread.sleep(60_000); // the test ends it
        }

        private static void fill(long end) {
            int times = 0;
            while (System.nanoTime() < end) {
                List<byte[]> all = new ArrayList<>();
                try {
                    while (System.nanoTime() < end) {
                        all.add(new byte[times % 2 == 0 ? 100_000 : 500]);
                    }
                } catch (OutOfMemoryError e) {
                    times++; // and once more
                }
            }
        }
    }

    @Test
    void aServerServesAgainWhenTheHeapIsNoLongerFull() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Node.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(line(out, "port ").substring(5));
            Thread hammer = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    isServed(port);
                }
            });
            hammer.start();
            line(out, "empty again");
            hammer.interrupt();
            hammer.join();
            await().atMost(Duration.ofSeconds(20)).until(() -> isServed(port));
            try (RawWebSocket client = RawWebSocket.connect(port, 0)) {
                assertThat(client.handshake("/socket.io/?EIO=4&transport=websocket"))
                        .startsWith("HTTP/1.1 101 ");
                assertThat(client.read().text()).startsWith("0{");
                assertThat(client.read().text()).as("the heart beats").isEqualTo("2");
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String line(BufferedReader out, String start) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("the process has ended");
    }

    private static boolean isServed(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200 ");
        } catch (IOException e) {
            return false;
        }
    }
}
