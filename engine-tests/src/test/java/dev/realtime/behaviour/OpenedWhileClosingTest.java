package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.Ids;
import dev.realtime.spi.RequestView;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.SequentialIds;
import dev.realtime.testkit.TestRequest;
import dev.realtime.testkit.VirtualExecutor;
import dev.realtime.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that was let in while the node had not begun to stop, and whose connection opens when the node has closed all of them. */
class OpenedWhileClosingTest {
    private final VirtualTime time = VirtualTime.create();
    private final VirtualExecutor executor = new VirtualExecutor(time);
    private final Ids ids = new SequentialIds("n0");
    private boolean stops;
    private final Realtime realtime = Realtime.builder()
            .namespace("/", game -> game.allowAnonymous())
            .time(time)
            .ids(this::next)
            .executor(executor)
            .engineExecutor(executor)
            .build();
    private final InMemoryTransport transport = new InMemoryTransport(realtime.doors(), time, executor);

    /** The node stops in the moment in which the new connection gets its id. */
    private String next() {
        if (stops) {
            stops = false;
            var unused = realtime.drain(Duration.ofSeconds(10));
            time.settle();
        }
        return ids.next();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(realtime.stats().connections()).isZero();
        assertThat(realtime.doors().inbound().used()).isZero();
        realtime.close();
        time.settle();
    }

    @Test
    void overPollingItIsToldToComeAgain() {
        stops = true;
        Opening opening = new Opening(request("polling").view(), new ArrayList<>());
        realtime.doors().exchange(opening);
        time.settle();
        assertThat(opening.replies)
                .singleElement()
                .satisfies(reply -> assertThat(reply.status()).isEqualTo(503));
    }

    @Test
    void overAWebSocketToo() {
        stops = true;
        InMemoryConnection opened = transport.open(request("websocket").view());
        time.settle();
        assertThat(opened.isOpen()).isFalse();
        assertThat(opened.closeCode()).isEqualTo(1001);
        assertThat(opened.texts()).isEmpty();
    }

    private static TestRequest request(String name) {
        return TestRequest.of("GET", "/socket.io/").query("EIO", "4").query("transport", name);
    }

    /** Not carried by the executor, which carries the end of the node meanwhile. */
    private record Opening(RequestView request, List<HttpReply> replies) implements HttpExchange {
        @Override
        public CompletionStage<byte[]> body(int limit) {
            return CompletableFuture.completedFuture(new byte[0]);
        }

        @Override
        public void reply(HttpReply reply) {
            replies.add(reply);
        }

        @Override
        public void onAbort(Runnable task) {}
    }
}
