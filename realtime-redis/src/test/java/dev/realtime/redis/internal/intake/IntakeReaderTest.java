package dev.realtime.redis.internal.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.BoundedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;

/** A connection that hears channels of a real Redis. */
class IntakeReaderTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CHANNEL = "game:news";

    private final AtomicLong clock = new AtomicLong();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final IntakeChannel channel = new IntakeChannel(
            CHANNEL,
            new IntakeChannel.Bounds(100, 1_000, 100, 1_000),
            message -> handled.add(new String(message.payload(), UTF_8)),
            Runnable::run,
            new IntakeCounters(),
            new BoundedLog(clock::get),
            clock::get);

    @Test
    void whatCameWhileTheNodeStoodStillIsNotTakenForNew() {
        try (RedisServer redis = RedisServer.start();
                Jedis jedis = redis.jedis();
                IntakeReader reader = reader(redis)) {
            assertThat(reader.awaitHearing(LONG)).isTrue();
            clock.addAndGet(IntakeReader.MOST_AGE.toNanos());
            jedis.publish(CHANNEL, "in time");
            await().atMost(LONG).until(() -> handled.contains("in time"));
            String before = listeners(jedis);
            clock.addAndGet(IntakeReader.MOST_AGE.toNanos() + 1);
            jedis.publish(CHANNEL, "old");
            await().atMost(LONG).until(() -> !List.of(before, "[]").contains(listeners(jedis)) && reader.isHearing());
            jedis.publish(CHANNEL, "new");
            await().atMost(LONG).until(() -> handled.contains("new"));
            assertThat(handled).containsExactly("in time", "new");
        }
    }

    @Test
    void whatComesOverAConnectionThatLagsIsNotTakenForNew() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Jedis jedis = redis.jedis();
                Line line = new Line(redis.port());
                IntakeReader reader = reader("redis://127.0.0.1:" + line.port())) {
            assertThat(reader.awaitHearing(LONG)).isTrue();
            line.hold(true); // no ping is answered any more
            clock.addAndGet(IntakeReader.MOST_AGE.toNanos() * 2 / 3);
            jedis.publish(CHANNEL, "in time");
            await().atMost(LONG).until(() -> handled.contains("in time"));
            clock.addAndGet(IntakeReader.MOST_AGE.toNanos() * 2 / 3);
            jedis.publish(CHANNEL, "perhaps old");
            await().atMost(LONG).until(() -> !reader.isHearing());
            line.hold(false);
            await().atMost(LONG).until(reader::isHearing);
            jedis.publish(CHANNEL, "new");
            await().atMost(LONG).until(() -> handled.contains("new"));
            assertThat(handled).containsExactly("in time", "new");
        }
    }

    /** A line to Redis on which what goes there can be held up. */
    private static final class Line implements AutoCloseable {
        private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private boolean held; // guarded by this

        Line(int redis) throws IOException {
            run(() -> {
                while (true) {
                    Socket client = door.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), redis);
                    run(() -> copy(client, server, true));
                    run(() -> copy(server, client, false));
                }
            });
        }

        private interface Task {
            void run() throws IOException, InterruptedException;
        }

        private static void run(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException | InterruptedException e) {
                    // it is closed
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void copy(Socket from, Socket to, boolean waits) throws IOException, InterruptedException {
            byte[] bytes = new byte[8_192];
            try (from;
                    to) {
                for (int count; (count = from.getInputStream().read(bytes)) >= 0; ) {
                    synchronized (this) {
                        while (waits && held) {
                            wait();
                        }
                    }
                    to.getOutputStream().write(bytes, 0, count);
                }
            }
        }

        int port() {
            return door.getLocalPort();
        }

        synchronized void hold(boolean now) {
            held = now;
            notifyAll();
        }

        @Override
        public void close() throws IOException {
            door.close();
            hold(false);
        }
    }

    private IntakeReader reader(RedisServer redis) {
        return reader(redis.url());
    }

    private IntakeReader reader(String url) {
        Connector connector = new Connector(RedisUrl.parse(url), LONG, null, null);
        return new IntakeReader(connector, Map.of(CHANNEL, channel), clock::get);
    }

    /** The ids of the connections that hear something. */
    private static String listeners(Jedis jedis) {
        return jedis.clientList(ClientType.PUBSUB)
                .lines()
                .map(line -> line.split(" ")[0])
                .toList()
                .toString();
    }
}
