package dev.realtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.limits.RateLimit;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestUsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A limit that two nodes count together on a real Redis, and how often they ask for it. */
class SharedLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int EVENTS = 500;
    private static final long BETWEEN_NANOS = 20_000_000;
    private static final Event<Void> MOVE = Event.of("move").limit(RateLimit.perMinute(6_000));
    private static final Event<Void> ACT = Event.of("act").limit(RateLimit.perSecond(100));
    private static final Event<Void> SAY = Event.of("say").limit(RateLimit.perMinute(20));

    /** One engine and its port. */
    private static final class Node implements AutoCloseable {
        final AtomicInteger handled = new AtomicInteger();
        private final Realtime realtime;
        private final StandaloneServer server;

        Node(String url) {
            realtime = Realtime.builder()
                    .authenticator(new TestUsers())
                    .backend(RedisBackend.connect(RedisOptions.of(url)))
                    .namespace(
                            "/",
                            game -> game.on(MOVE, (session, nothing) -> handled.incrementAndGet())
                                    .on(ACT, (session, nothing) -> handled.incrementAndGet())
                                    .on(SAY, (session, nothing) -> handled.incrementAndGet()))
                    .build();
            server = StandaloneServer.start(
                    realtime,
                    StandaloneOptions.DEFAULT
                            .host("127.0.0.1")
                            .port(0)
                            .drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        }

        long counter(String name) {
            return realtime.stats().counters().get(name);
        }

        @Override
        public void close() {
            server.close();
            realtime.close();
        }
    }

    /** A client that is always the same user. */
    private static final class Ann implements WebSocket.Listener, AutoCloseable {
        private final CountDownLatch connected = new CountDownLatch(1);
        private final WebSocket socket;

        Ann(Node node) throws InterruptedException {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(
                                    "ws://127.0.0.1:" + node.server.port() + "/socket.io/?EIO=4&transport=websocket"),
                            this)
                    .join();
            socket.sendText("40{\"user\":\"ann\"}", true).join();
            assertThat(connected.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            if (text.toString().startsWith("40")) {
                connected.countDown();
            }
            from.request(1);
            return null;
        }

        void emit(Event<Void> event) {
            socket.sendText("42[\"" + event.contract().name() + "\"]", true).join();
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    private static long sum(String counter, Node one, Node two) {
        return one.counter(counter) + two.counter(counter);
    }

    /** Sends at 50 a second by turns, and returns how often the nodes have asked for each event. */
    private static double roundTrips(Event<Void> event, Node one, Node two, Ann here, Ann there) {
        long asked = sum("limits.exchanged", one, two);
        int before = one.handled.get() + two.handled.get();
        long next = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            (i % 2 == 0 ? here : there).emit(event);
            next += BETWEEN_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        await().atMost(PATIENCE).until(() -> one.handled.get() + two.handled.get() - before == EVENTS);
        return (double) (sum("limits.exchanged", one, two) - asked) / EVENTS;
    }

    @Test
    void aUserOnTwoNodesIsCountedOnceAndSeldomAskedFor() throws Exception {
        try (RedisServer redis = RedisServer.start();
                Node one = new Node(redis.url());
                Node two = new Node(redis.url());
                Ann here = new Ann(one);
                Ann there = new Ann(two)) {
            double ofMinute = roundTrips(MOVE, one, two, here, there);
            double ofSecond = roundTrips(ACT, one, two, here, there);
            System.out.printf(
                    Locale.ROOT,
                    "[limits] round trips for an event at 50 a second on two nodes: 6,000 a minute %.3f, 100 a second"
                            + " %.3f%n",
                    ofMinute,
                    ofSecond);
            assertThat(ofMinute).isLessThan(0.1);
            assertThat(ofSecond).isLessThan(1);
            int before = one.handled.get() + two.handled.get();
            for (int i = 0; i < 20; i++) {
                here.emit(SAY);
                there.emit(SAY);
            }
            await().atMost(PATIENCE).until(() -> sum("events.limited", one, two) == 20);
            assertThat(one.handled.get() + two.handled.get() - before).isEqualTo(20);
            assertThat(sum("limits.degraded", one, two)).isZero();
        }
    }
}
