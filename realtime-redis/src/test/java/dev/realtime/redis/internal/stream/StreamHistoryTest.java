package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.CommandRoom;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.server.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol;

/** Pages of a stream in a real Redis, for many who ask at once. */
class StreamHistoryTest {
    private static final String STREAM = "s";
    private static final int ENTRIES = 200;
    private static final int SIZE = 100_000;

    @FunctionalInterface
    private interface Scene {
        void play(Commands commands, StreamHistory history) throws Exception;
    }

    private static void on(Scene scene) throws Exception {
        try (RedisServer redis = RedisServer.start()) {
            Connector connector = new Connector(RedisUrl.parse(redis.url()), Duration.ofSeconds(10), null, null);
            try (Commands commands =
                    new Commands("test", connector, new CommandRoom(64 << 20), Duration.ofSeconds(30), () -> false)) {
                for (int i = 1; i <= ENTRIES; i++) {
                    done(commands.send(
                                    STREAM,
                                    Protocol.Command.XADD,
                                    STREAM,
                                    "7-" + i,
                                    "nsp",
                                    "/",
                                    "type",
                                    "5",
                                    "data",
                                    new byte[SIZE])
                            .toCompletableFuture());
                }
                scene.play(commands, new StreamHistory(commands, STREAM));
            }
        }
    }

    private static <T> T done(CompletableFuture<T> stage) throws Exception {
        return stage.get(30, TimeUnit.SECONDS);
    }

    private static long sent(Commands commands) throws Exception {
        String info = RedisConnection.text(
                done(commands.send(STREAM, Protocol.Command.INFO, "stats").toCompletableFuture()));
        return Long.parseLong(info.replaceAll("(?s).*total_net_output_bytes:(\\d+).*", "$1"));
    }

    @Test
    void pagesAreSmallHoweverLargeTheEntriesAre() throws Exception {
        on((commands, history) -> {
            List<Position> read = new ArrayList<>();
            StreamHistory.Page page =
                    done(history.page(Position.START, Position.END).toCompletableFuture());
            while (true) {
                page.entries().forEach(entry -> read.add(entry.position()));
                if (page.complete()) {
                    break;
                }
                page = done(history.page(page.through(), Position.END).toCompletableFuture());
                assertThat(page.entries().stream().mapToInt(RawEntry::size).sum())
                        .isLessThanOrEqualTo(1 << 20);
            }
            assertThat(read).hasSize(ENTRIES).doesNotHaveDuplicates().isSorted();
        });
    }

    @Test
    void whereSomethingIsMissingTheStreamIsReadOnceAndNotByEverybody() throws Exception {
        on((commands, history) -> {
            done(commands.send(STREAM, Protocol.Command.XTRIM, STREAM, "MAXLEN", ENTRIES / 2)
                    .toCompletableFuture());
            long before = sent(commands);
            List<CompletableFuture<StreamHistory.Page>> pages = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                pages.add(history.pageInTurn(new Position(7, 1), Position.END).toCompletableFuture());
            }
            for (CompletableFuture<StreamHistory.Page> page : pages) {
                assertThat(done(page).gap()).isTrue();
            }
            assertThat(sent(commands) - before).isLessThan(20L * SIZE);
        });
    }
}
