package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import dev.realtime.Realtime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void clientsComeAndGo() {
        assertThat(WarmUp.run(SHORT)).isPositive();
    }

    @Test
    void theApplicationHasNoPartInIt() {
        AtomicInteger connected = new AtomicInteger();
        try (Realtime realtime = Realtime.builder()
                        .namespace(
                                "/",
                                namespace ->
                                        namespace.allowAnonymous().onConnect(session -> connected.incrementAndGet()))
                        .build();
                StandaloneServer server = StandaloneServer.start(
                        realtime,
                        StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).warmUp(SHORT))) {
            assertThat(server.port()).isPositive();
            assertThat(connected).hasValue(0);
            Map<String, Long> counters = realtime.stats().counters();
            assertThat(counters.getOrDefault("connections.opened", 0L)).isZero();
        }
    }

    @Test
    void nothingOfItIsLeft() throws InterruptedException {
        WarmUp.run(SHORT);
        Thread[] threads = new Thread[Thread.activeCount() + 100];
        int count = Thread.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().startsWith("realtime-io")) {
                threads[i].join(Duration.ofSeconds(10).toMillis());
                assertThat(threads[i].isAlive()).isFalse();
            }
        }
    }

    /** On a JVM that prefers IPv6 the loopback address is another, and it is asked once when a JVM begins. */
    @Test
    void whateverTheLoopbackAddressIs() throws Exception {
        assumeThatCode(() -> new ServerSocket(0, 1, InetAddress.getByName("::1")).close())
                .doesNotThrowAnyException();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.net.preferIPv6Addresses=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneClient.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("clients").isPositive();
        } finally {
            process.destroyForcibly();
        }
    }

    static final class OneClient {
        private OneClient() {}

        public static void main(String[] args) {
            System.exit(Math.min(1, WarmUp.run(Duration.ofNanos(1))));
        }
    }

    @Test
    void aServerThatDoesNotAnswerEndsIt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            int port = silent.getLocalPort();
            silent.close();
            assertThatThrownBy(() -> WarmUpClient.visit(port)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoIsInterruptedGoesOnToStart() {
        Thread.currentThread().interrupt();
        assertThat(WarmUp.run(SHORT)).isZero();
        assertThat(Thread.interrupted()).isTrue();
    }
}
