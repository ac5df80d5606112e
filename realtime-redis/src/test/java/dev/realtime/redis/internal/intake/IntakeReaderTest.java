package dev.realtime.redis.internal.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.BoundedLog;
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
            clock.addAndGet(IntakeReader.LONGEST_PAUSE.toNanos());
            jedis.publish(CHANNEL, "in time");
            await().atMost(LONG).until(() -> handled.contains("in time"));
            String before = listeners(jedis);
            clock.addAndGet(IntakeReader.LONGEST_PAUSE.toNanos() + 1);
            jedis.publish(CHANNEL, "old");
            await().atMost(LONG).until(() -> !List.of(before, "[]").contains(listeners(jedis)) && reader.isHearing());
            jedis.publish(CHANNEL, "new");
            await().atMost(LONG).until(() -> handled.contains("new"));
            assertThat(handled).containsExactly("in time", "new");
        }
    }

    private IntakeReader reader(RedisServer redis) {
        Connector connector = new Connector(RedisUrl.parse(redis.url()), LONG, null, null);
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
