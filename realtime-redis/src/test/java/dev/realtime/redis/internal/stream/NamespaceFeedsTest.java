package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What namespaces make of a stream: gone with the last log of each, and bytes for each configuration, however many there are of it. */
class NamespaceFeedsTest {
    private static final long BYTES = 64 << 20;

    private final Commands nobodyAsks = null;
    private final RedisStream stream = new RedisStream(
            "socket.io",
            "writer",
            new Position(1, 0),
            nobodyAsks,
            new StreamEntryCodec(100, new BoundedLog(System::nanoTime)),
            why -> {},
            1_000,
            new ServerClock(System::nanoTime),
            new BoundedLog(System::nanoTime));

    private static Retention family(String share) {
        return new Retention(Duration.ofMinutes(3), 1_000, BYTES, share);
    }

    @Test
    void namespacesOfAFamilyShareTheirBytesAndGo() {
        List<NamespaceFeed> feeds = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            feeds.add(stream.feed("/match-" + i, family("family 0")));
        }
        assertThat(stream.bytes()).isEqualTo(BYTES);
        feeds.forEach(stream::letGo);
        for (int i = 0; i < 10_000; i++) {
            assertThat(stream.feed("/match-" + i, family("family 0"))).isNotSameAs(feeds.get(i));
        }
        stream.feed("/", new Retention(Duration.ofMinutes(3), 1_000, BYTES));
        stream.feed("/chat", new Retention(Duration.ofMinutes(3), 1_000, BYTES));
        assertThat(stream.bytes()).isEqualTo(3 * BYTES);
    }

    @Test
    void aFeedLivesAsLongAsOneOfItsLogs() {
        NamespaceFeed first = stream.feed("/match-1", family("family 0"));
        NamespaceFeed second = stream.feed("/match-1", family("family 0"));
        assertThat(second).isSameAs(first);
        stream.letGo(first);
        assertThat(stream.feed("/match-1", family("family 0"))).isSameAs(first);
        stream.letGo(first);
        stream.letGo(second);
        NamespaceFeed again = stream.feed("/match-1", family("family 0"));
        assertThat(again).isNotSameAs(first);
        stream.letGo(first);
        assertThat(stream.feed("/match-1", family("family 0")))
                .as("a log that has ended lets go of nobody else's")
                .isSameAs(again);
    }
}
