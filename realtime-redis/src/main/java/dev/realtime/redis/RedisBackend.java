package dev.realtime.redis;

import dev.realtime.redis.internal.bus.BusHub;
import dev.realtime.redis.internal.bus.Channels;
import dev.realtime.redis.internal.connection.CommandRoom;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.Outage;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.ServerChecks;
import dev.realtime.redis.internal.connection.Threads;
import dev.realtime.redis.internal.connection.Watchers;
import dev.realtime.redis.internal.store.EpochKeeper;
import dev.realtime.redis.internal.store.RedisLeases;
import dev.realtime.redis.internal.store.RedisQueues;
import dev.realtime.redis.internal.store.RedisSessionStore;
import dev.realtime.redis.internal.store.RedisValues;
import dev.realtime.redis.internal.stream.Continuity;
import dev.realtime.redis.internal.stream.Gaps;
import dev.realtime.redis.internal.stream.RedisStreams;
import dev.realtime.redis.internal.stream.ServerClock;
import dev.realtime.redis.internal.stream.StreamSettings;
import dev.realtime.redis.internal.stream.Supervisor;
import dev.realtime.redis.internal.wire.SessionCodec;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Values;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A cluster on Redis: reliable events on a stream, session records, values and leases in keys, the rest on Pub/Sub, so that nodes of this
 * library and Node.js servers with {@code @socket.io/redis-streams-adapter} are one. Needs Redis 6.2 or later; 7 tells exactly what a
 * stream has forgotten, before it sessions may get a fresh start that would not have needed it.
 *
 * <p>A node that cannot reach Redis for longer than {@link RedisOptions#appendDeadline} goes on by itself; see there. Whatever Redis
 * loses (a failover without the tail, a restart without persistence, an eviction) changes the {@link #epoch()}.
 *
 * <p>An ACL user needs {@code ~socket.io* ~sio:session:* ~realtime:* &socket.io* +@read +@write +@stream +@scripting +@pubsub +@connection
 * +info +client|kill +config|get +cluster|slots +time}. Without {@code info} or {@code client|kill} an event may be stored twice when its
 * connection breaks, without {@code config|get} nothing warns of an unsafe configuration.
 *
 * <p>The backend has its own daemon threads, which end with {@link #close()}. Stages complete on one of them.
 */
public final class RedisBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(RedisBackend.class);
    /** Of its commands, which are all small and of our own making: they must not wait behind what clients cause. */
    private static final long HEALTH_BYTES = 1 << 20;

    private final Outage outage;
    private final CommandRoom room;
    private final ThreadPoolExecutor callbacks = Threads.callbacks();
    private final Watchers watchers = new Watchers();
    private final BoundedLog lines = new BoundedLog(System::nanoTime);
    private final Gaps gaps = new Gaps(watchers::tell);
    private final ServerClock clock;
    private final Commands store;
    private final Commands health;
    private final Commands history;
    private final EpochKeeper epochs;
    private final RedisStreams streams;
    private final BusHub buses;
    private final Supervisor supervisor;
    private final SessionStore sessions;
    private final Leases leases;
    private final Values values;
    private final Queues queues;

    /** Connects with the default options; see {@link RedisOptions#of} for the forms of the URL. */
    public static RedisBackend connect(String url) {
        Objects.requireNonNull(url, "url");
        return connect(RedisOptions.of(url));
    }

    /**
     * Connects. Blocks until Redis has answered.
     *
     * @throws BackendUnavailableException when it does not, or does not let us in; the message says what to look at
     */
    public static RedisBackend connect(RedisOptions options) {
        Objects.requireNonNull(options, "options");
        Connector connector =
                new Connector(options.url(), options.timeout(), options.sentinelPassword(), options.tls());
        try (RedisConnection link = connector.open(EpochKeeper.KEY)) {
            ServerClock clock = new ServerClock(options.nanoTime());
            clock.set(link);
            ServerChecks.warn(link);
            RedisBackend backend = new RedisBackend(options, connector, clock);
            LOG.info("connected to Redis at {}, epoch {}", options.url(), backend.epoch());
            return backend;
        } catch (JedisAccessControlException e) {
            throw new BackendUnavailableException(
                    "Redis at " + options.url() + " does not let this user in or forbids what is needed ("
                            + e.getMessage() + "); check user and password in the URL and the ACL of the user",
                    e);
        } catch (JedisException e) {
            throw new BackendUnavailableException(
                    "Redis at " + options.url() + " cannot be used (" + e.getMessage()
                            + "); check that it runs, that host and port are right and that TLS (rediss://) is what it speaks",
                    e);
        }
    }

    private RedisBackend(RedisOptions options, Connector connector, ServerClock clock) {
        this.clock = clock;
        this.outage = new Outage(options.probeInterval());
        this.room = new CommandRoom(options.commandQueueBytes());
        this.store = new Commands("store", connector, room, options.appendDeadline(), outage::isOn);
        this.history = new Commands("history", connector, room, options.appendDeadline(), outage::isOn);
        this.health = new Commands("health", connector, new CommandRoom(HEALTH_BYTES), options.timeout(), () -> false);
        this.epochs = new EpochKeeper(health, watchers::tell);
        Continuity continuity = new Continuity(epochs, health, gaps);
        this.supervisor = new Supervisor(continuity, outage, gaps, options.heartbeat(), options.appendDeadline());
        try {
            continuity.begin();
            this.streams = RedisStreams.open(
                    new StreamSettings(
                            options.streamName(),
                            options.streamCount(),
                            options.leastEntries(),
                            options.roomsPerEntry(),
                            options.blockTime(),
                            options.appendDeadline(),
                            options.appendQueueEntries(),
                            options.appendQueueBytes()),
                    connector,
                    history,
                    continuity,
                    outage,
                    gaps::missed,
                    clock,
                    callbacks,
                    lines);
        } catch (RuntimeException e) {
            closeCommands();
            throw e;
        }
        this.buses = new BusHub(connector, new Channels(options.channelPrefix()), options.shardedPubSub(), lines);
        supervisor.start();
        this.sessions = new RedisSessionStore(
                store, new SessionCodec(), options.sessionKeyPrefix(), this::epoch, callbacks, lines);
        this.leases = new RedisLeases(store, callbacks);
        this.values = new RedisValues(store, callbacks);
        this.queues = new RedisQueues(store, callbacks);
        outage.listen(watchers::tell);
    }

    @Override
    public Log log(String namespace, String node, Retention retention) {
        return streams.log(namespace, node, retention, clock);
    }

    @Override
    public Bus bus(String namespace, String node) {
        return buses.open(namespace, node);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public Values values() {
        return values;
    }

    @Override
    public Queues queues() {
        return queues;
    }

    @Override
    public String epoch() {
        return epochs.current().text();
    }

    @Override
    public long gaps() {
        return gaps.count();
    }

    /** {@code redis.commands.refused}, {@code redis.bus.dropped}, and {@code log.lines.omitted}. */
    @Override
    public Map<String, Long> counters() {
        return Map.of(
                "redis.commands.refused", room.refused(),
                "redis.bus.dropped", buses.dropped(),
                "log.lines.omitted", lines.omitted());
    }

    @Override
    public boolean isDegraded() {
        return outage.isOn();
    }

    @Override
    public Registration watch(Runnable changed) {
        return watchers.add(changed);
    }

    /** Stores what waits, as long as Redis takes it within its deadline, and ends. */
    @Override
    public void close() {
        streams.closeWriters();
        supervisor.close();
        streams.closeReaders();
        buses.close();
        closeCommands();
        callbacks.shutdown();
        watchers.close();
        LOG.info("disconnected from Redis");
    }

    /** Whether any stream's writer has a connection. For tests that have to wait until one was given up. */
    boolean isWriting() {
        return streams.isWriting();
    }

    private void closeCommands() {
        store.close();
        history.close();
        health.close();
    }
}
