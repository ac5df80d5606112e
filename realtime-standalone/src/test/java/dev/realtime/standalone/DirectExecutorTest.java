package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On which thread a handler runs. */
class DirectExecutorTest {
    private static final int PATIENCE_SECONDS = 15;
    private static final Event<Integer> COUNT = Event.of("count", Integer.class);

    private final BlockingQueue<Thread> handled = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> counted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private @Nullable Realtime realtime;
    private @Nullable StandaloneServer server;
    private @Nullable WebSocket client;

    @AfterEach
    void stop() {
        if (client != null) {
            client.abort();
        }
        if (server != null) {
            server.close();
        }
        if (realtime != null) {
            realtime.close();
        }
    }

    @Test
    void aHandlerThatNeverBlocksRunsOnTheThreadThatReadTheEvent() throws Exception {
        WebSocket client = connect(NamespaceSetup::directExecutor);
        Thread one = Thread.currentThread();
        for (int i = 0; i < 1_000 && !one.getName().contains("SelectorRunner"); i++) {
            count(client, i); // the first may come while the thread that has let the client in is not done
            one = next(handled);
        }
        count(client, 1_000);
        assertThat(next(handled)).isSameAs(one);
        assertThat(one.getName()).contains("SelectorRunner");
        assertThat(next(connected).getName()).as("listeners may block").doesNotContain("SelectorRunner");
    }

    @Test
    void otherwiseItRunsWhereItMayBlock() throws Exception {
        WebSocket client = connect(namespace -> {});
        count(client, 1);
        assertThat(next(handled).getName()).doesNotContain("SelectorRunner");
    }

    @Test
    void eventsStillWaitForTheListenerAndKeepTheirOrder() throws Exception {
        CountDownLatch mayConnect = new CountDownLatch(1);
        WebSocket client = connect(namespace -> namespace.directExecutor().onConnect(session -> mayConnect.await()));
        IntStream.range(0, 100).forEach(number -> count(client, number));
        assertThat(counted).isEmpty();
        mayConnect.countDown();
        for (int number = 0; number < 100; number++) {
            assertThat(next(counted)).isEqualTo(number);
        }
    }

    private WebSocket connect(Consumer<NamespaceSetup> setup) throws Exception {
        realtime = Realtime.builder()
                .namespace("/", namespace -> {
                    namespace.allowAnonymous().onConnect(session -> connected.add(Thread.currentThread()));
                    setup.accept(namespace);
                    namespace.on(COUNT, (session, number) -> {
                        handled.add(Thread.currentThread());
                        counted.add(number);
                    });
                })
                .build();
        server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        WebSocket opened = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                        new Texts())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        client = opened;
        assertThat(next(received)).startsWith("0{");
        opened.sendText("40", true).join();
        assertThat(next(received)).startsWith("40{");
        return opened;
    }

    private static void count(WebSocket client, int number) {
        client.sendText("42[\"count\"," + number + "]", true).join();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private final class Texts implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            received.addAll(List.of(text.toString()));
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
