package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Realtime;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
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
