package dev.realtime.redis;

import dev.realtime.redis.internal.connection.CommandRoom;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.intake.AdminDesk;
import dev.realtime.redis.internal.intake.CommandClaims;
import dev.realtime.redis.internal.intake.IntakeChannel;
import dev.realtime.redis.internal.intake.IntakeCounters;
import dev.realtime.redis.internal.intake.IntakeReader;
import dev.realtime.redis.internal.intake.WakefulClock;
import dev.realtime.spi.BoundedLog;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What other services say to the game, on Redis channels of JSON: {@code PUBLISH game:character_update '{"character_id":"c7",…}'} from whatever
 * language. Each channel has a contract and a handler.
 *
 * <pre>{@code
 * RedisIntake intake = RedisIntake.builder("redis://localhost:6379")
 *         .on(CHARACTER_UPDATE, (message, update) -> message.namespace("/")
 *                 .room("character:" + update.character_id())
 *                 .emit(CHARACTER_UPDATED, update))
 *         .start();
 * }</pre>
 *
 * <h2>Each node hears each message</h2>
 *
 * <p>A channel is Pub/Sub: everybody who listens hears what is published, and the handler runs on every node. What it does through {@link
 * IntakeMessage#namespace} is done once in the cluster; all else it does on each node. What is published while a node's connection is broken that
 * node never hears, and what no node hears is lost.
 *
 * <p>Messages of one channel are handled in order, one at a time; those of several channels beside one another. What is too large, too much, or not
 * what its contract says is dropped, {@linkplain #counters() counted} by the reason, and logged within bounds.
 *
 * <p>It has connections and daemon threads of its own, which end with {@link #close()}. It needs no engine in its process, unless it carries out
 * {@linkplain RedisIntakeBuilder#admin commands}. Thread-safe.
 */
public final class RedisIntake implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final RealtimePublisher publisher;
    private final IntakeCounters counters = new IntakeCounters();
    private final WakefulClock clock = new WakefulClock();
    private final BoundedLog lines = new BoundedLog(System::nanoTime);
    private final Map<String, IntakeChannel> channels = new LinkedHashMap<>();
    private final @Nullable Commands claims;
    private final @Nullable ThreadPoolExecutor threads;
    private final IntakeReader reader;

    /** Returns a builder with the default options; see {@link RedisOptions#of} for the forms of the URL. */
    public static RedisIntakeBuilder builder(String url) {
        Objects.requireNonNull(url, "url");
        return builder(RedisOptions.of(url));
    }

    /** Returns a builder. The options are those of the nodes: of streams and connection. */
    public static RedisIntakeBuilder builder(RedisOptions options) {
        return new RedisIntakeBuilder(Objects.requireNonNull(options, "options"));
    }

    static RedisIntake start(RedisIntakeBuilder setup) {
        RedisIntake intake = new RedisIntake(setup);
        Duration patience = setup.options.appendDeadline();
        if (!intake.reader.awaitHearing(patience)) {
            intake.close();
            throw new BackendUnavailableException(
                    "Redis at " + setup.options.url() + " did not let this intake hear its channels within " + patience
                            + "; check the ACL of the user (&channel, +subscribe)",
                    null);
        }
        return intake;
    }

    private RedisIntake(RedisIntakeBuilder setup) {
        RedisOptions options = setup.options;
        this.publisher = RealtimePublisher.connect(options, setup.json);
        Connector connector =
                new Connector(options.url(), options.timeout(), options.sentinelPassword(), options.tls());
        int count = setup.routes.size() + (setup.adminChannel == null ? 0 : 1);
        this.threads = setup.executor == null ? threads(count) : null;
        Executor executor = Objects.requireNonNull(threads == null ? setup.executor : threads);
        IntakeLimits limits = setup.limits;
        IntakeChannel.Bounds bounds = new IntakeChannel.Bounds(
                limits.maxMessageBytes(), limits.messagesPerSecond(), limits.maxWaiting(), limits.maxWaitingBytes());
        setup.routes.forEach((channel, route) ->
                open(channel, bounds, heard -> route.handle(heard, setup.json, publisher, clock), executor));
        if (setup.adminChannel == null || setup.realtime == null) {
            this.claims = null;
        } else {
            this.claims = new Commands(
                    "intake",
                    connector,
                    new CommandRoom(options.commandQueueBytes()),
                    options.appendDeadline(),
                    () -> false);
            AdminActions actions = new AdminActions(setup.realtime, setup.announcement);
            open(
                    setup.adminChannel,
                    bounds,
                    new AdminDesk(
                            setup.adminKeys,
                            new CommandClaims(claims, setup.adminWindow),
                            options.appendDeadline().multipliedBy(2),
                            actions::carryOut,
                            counters,
                            lines),
                    executor);
        }
        this.reader = new IntakeReader(connector, channels, clock);
    }

    private void open(String name, IntakeChannel.Bounds bounds, IntakeChannel.Handler handler, Executor executor) {
        channels.put(name, new IntakeChannel(name, bounds, handler, executor, counters, lines, clock));
    }

    /** Each channel has one task at most. */
    private static ThreadPoolExecutor threads(int channels) {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(channels, channels, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "realtime-redis-intake");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Returns whether Redis has confirmed all channels, and their connection has not broken since. */
    public boolean isHearing() {
        return reader.isHearing();
    }

    /**
     * Returns what the intake counts: {@code intake.heard}; {@code intake.handled}; {@code intake.dropped.too_large}, {@code .too_many}, {@code
     * .queue_full}, {@code .too_late} (it has waited for more than ten seconds), {@code .invalid} and {@code .closed}; {@code intake.failed}, handlers that threw; of
     * commands {@code intake.admin.commands}, those that this node has carried out, {@code intake.admin.failed}, and {@code
     * intake.admin.refused.forged}, {@code .stale} and {@code .replayed}; and what its {@linkplain RealtimePublisher#counters() publisher} counts.
     */
    public Map<String, Long> counters() {
        Map<String, Long> all = new TreeMap<>(publisher.counters());
        all.putAll(counters.all());
        all.merge("log.lines.omitted", lines.omitted(), Long::sum);
        return Map.copyOf(all);
    }

    /**
     * Hears nothing more, lets what waits be handled, for a few seconds at most, sends what handlers have emitted, and ends. No handler begins
     * afterwards; one that still runs is left alone, and what it emits fails.
     */
    @Override
    public void close() {
        reader.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end
                && !channels.values().stream().allMatch(IntakeChannel::isIdle)
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        channels.values().forEach(IntakeChannel::close);
        if (threads != null) {
            threads.shutdown();
        }
        if (claims != null) {
            claims.close();
        }
        publisher.close();
    }
}
