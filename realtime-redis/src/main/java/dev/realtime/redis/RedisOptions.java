package dev.realtime.redis;

import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.internal.stream.StreamSettings;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a node uses Redis. Immutable; every method that sets an option gives a copy.
 *
 * <pre>{@code
 * RedisOptions.of("redis://game:secret@redis.internal:6379/0").appendDeadline(Duration.ofSeconds(3))
 * }</pre>
 *
 * <p>Names of streams, channels and keys must be the same at all nodes of a cluster, those of another kind included; the defaults are
 * those of {@code @socket.io/redis-streams-adapter}.
 */
public final class RedisOptions implements Cloneable {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final RedisUrl url;
    private String streamName = "socket.io";
    private int streamCount = 1;
    private String channelPrefix = "socket.io";
    private String sessionKeyPrefix = "sio:session:";
    private boolean shardedPubSub;
    private int leastEntries = 10_000;
    private int roomsPerEntry = 4_096;
    private Duration timeout = Duration.ofSeconds(2);
    private Duration blockTime = Duration.ofSeconds(1);
    private Duration heartbeat = Duration.ofSeconds(1);
    private int appendQueueEntries = 50_000;
    private long appendQueueBytes = 64L << 20;
    private long commandQueueBytes = 64L << 20;
    private Duration appendDeadline = Duration.ofSeconds(5);
    private Duration probeInterval = Duration.ofSeconds(1);
    private @Nullable String sentinelPassword;
    private @Nullable SSLContext tls;
    private LongSupplier nanoTime = System::nanoTime;

    private RedisOptions(RedisUrl url) {
        this.url = url;
    }

    /**
     * Options with their defaults.
     *
     * @param url {@code redis://user:password@host:6379/0}, {@code rediss://…} for TLS,
     *     {@code redis-sentinel://host:26379,host:26379/master} or {@code redis-cluster://host:6379,host:6379}; user, password,
     *     ports and the number of the database may be left out. What has a meaning in URLs is written as {@code %xx}
     * @throws IllegalArgumentException when it cannot be understood; the message does not repeat it
     */
    public static RedisOptions of(String url) {
        Objects.requireNonNull(url, "url");
        return new RedisOptions(RedisUrl.parse(url));
    }

    private RedisOptions with(Consumer<RedisOptions> change) {
        try {
            RedisOptions copy = (RedisOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The stream of reliable events, and how many there are: with more than one their names are {@code name-0}, {@code name-1} and so
     * on, and each namespace belongs to one of them. Several streams spread over the servers of a Redis Cluster.
     *
     * @param name default {@code socket.io}
     * @param count default 1
     */
    public RedisOptions streams(String name, int count) {
        Objects.requireNonNull(name, "name");
        check(
                !name.isBlank() && count >= 1 && count <= 1_024,
                "streams",
                name + " × " + count,
                "a name and a count from 1 to 1024");
        return with(copy -> {
            copy.streamName = name;
            copy.streamCount = count;
        });
    }

    /** How the names of Pub/Sub channels begin; default {@code socket.io}. */
    public RedisOptions channelPrefix(String prefix) {
        Objects.requireNonNull(prefix, "channelPrefix");
        check(!prefix.isBlank(), "channelPrefix", prefix, "a name");
        return with(copy -> copy.channelPrefix = prefix);
    }

    /** How the keys of session records begin; default {@code sio:session:}. */
    public RedisOptions sessionKeyPrefix(String prefix) {
        Objects.requireNonNull(prefix, "sessionKeyPrefix");
        check(
                !prefix.isBlank() && !prefix.contains("{") && !prefix.contains("}"),
                "sessionKeyPrefix",
                prefix,
                "a name without braces");
        return with(copy -> copy.sessionKeyPrefix = prefix);
    }

    /** Whether channels are sharded, which needs Redis 7 and spreads them over the servers of a Redis Cluster; default no. */
    public RedisOptions shardedPubSub(boolean sharded) {
        return with(copy -> copy.shardedPubSub = sharded);
    }

    /**
     * How many entries a stream keeps at least, whatever the namespaces ask for with their recovery: so far may a node be behind
     * without a loss; default 10,000, at least 1,000.
     */
    public RedisOptions leastEntries(int entries) {
        check(entries >= 1_000, "leastEntries", entries, "at least 1000");
        return with(copy -> copy.leastEntries = entries);
    }

    /**
     * How many rooms an audience may name, and how many exceptions, in one entry of a stream; default 4,096, from 16 to 100,000. Every node keeps the
     * names for as long as it keeps the entry. An emit to more fails, and an entry of another server with more is left out with a line in the log.
     * The same at all nodes of a cluster.
     */
    public RedisOptions roomsPerEntry(int rooms) {
        check(rooms >= 16 && rooms <= 100_000, "roomsPerEntry", rooms, "from 16 to 100000");
        return with(copy -> copy.roomsPerEntry = rooms);
    }

    /**
     * How long connecting may take, and a reply; default 2 seconds. A server that has stopped without closing its connections is
     * noticed after this time, by the reader after this time and {@link #blockTime} together.
     */
    public RedisOptions timeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        checkTime("timeout", timeout);
        return with(copy -> copy.timeout = timeout);
    }

    /** How long one blocking read waits for news; default 1 second. */
    public RedisOptions blockTime(Duration time) {
        Objects.requireNonNull(time, "blockTime");
        checkTime("blockTime", time);
        return with(copy -> copy.blockTime = time);
    }

    /** How often a node looks whether Redis is there and what it holds is complete; default 1 second. */
    public RedisOptions heartbeat(Duration interval) {
        Objects.requireNonNull(interval, "heartbeat");
        checkTime("heartbeat", interval);
        return with(copy -> copy.heartbeat = interval);
    }

    /**
     * How much may wait to be appended to a stream. What is emitted beyond it fails with {@link AppendQueueFullException}; while Redis
     * does not answer it also begins the outage, as the deadline would.
     *
     * @param entries default 50,000
     * @param bytes default 64 MiB
     */
    public RedisOptions appendQueue(int entries, long bytes) {
        check(
                entries >= 1 && bytes >= 1_024,
                "appendQueue",
                entries + " entries, " + bytes + " bytes",
                "at least 1 entry and 1024 bytes");
        return with(copy -> {
            copy.appendQueueEntries = entries;
            copy.appendQueueBytes = bytes;
        });
    }

    /**
     * How many bytes of commands may wait for Redis: session records that are written, what resumes read, leases; of a publisher, its events.
     * Beyond them, and beyond 100,000 commands, a command fails with {@link CommandQueueFullException} and is counted
     * ({@code redis.commands.refused}). What tells whether Redis is there has room of its own.
     *
     * @param bytes default 64 MiB, at least 1 MiB
     */
    public RedisOptions commandQueue(long bytes) {
        check(bytes >= 1 << 20, "commandQueue", bytes + " bytes", "at least 1048576 bytes");
        return with(copy -> copy.commandQueueBytes = bytes);
    }

    /**
     * How long an event may wait for Redis; default 5 seconds. Interruptions that are shorter lose nothing and change nothing. Past it
     * the node goes on by itself: it is degraded, events reach its own sessions only and their stages fail with
     * {@link DeliveredLocallyException}. Session records and leases wait as long, and then fail with {@link BackendUnavailableException}.
     */
    public RedisOptions appendDeadline(Duration deadline) {
        Objects.requireNonNull(deadline, "appendDeadline");
        checkTime("appendDeadline", deadline);
        return with(copy -> copy.appendDeadline = deadline);
    }

    /** How often a degraded node tries whether Redis is back; default 1 second. */
    public RedisOptions probeInterval(Duration interval) {
        Objects.requireNonNull(interval, "probeInterval");
        checkTime("probeInterval", interval);
        return with(copy -> copy.probeInterval = interval);
    }

    /** The password of the sentinels themselves; default none. The URL's user and password are those of the servers they watch. */
    public RedisOptions sentinelPassword(String password) {
        Objects.requireNonNull(password, "sentinelPassword");
        return with(copy -> copy.sentinelPassword = password);
    }

    /** Whom TLS trusts, and who this node is; default the JVM's. The server's name is checked in any case. */
    public RedisOptions tls(SSLContext context) {
        Objects.requireNonNull(context, "tls");
        return with(copy -> copy.tls = context);
    }

    /** The clock by which entries grow old, default the machine's. Connections always go by the machine's. */
    public RedisOptions time(Time time) {
        Objects.requireNonNull(time, "time");
        return with(copy -> copy.nanoTime = time::nanoTime);
    }

    RedisUrl url() {
        return url;
    }

    String streamName() {
        return streamName;
    }

    /** The stream of a namespace; servers of another kind choose it by the same hash. */
    String streamOf(String namespace) {
        return StreamSettings.name(streamName, streamCount, StreamSettings.index(namespace, streamCount));
    }

    int streamCount() {
        return streamCount;
    }

    String channelPrefix() {
        return channelPrefix;
    }

    String sessionKeyPrefix() {
        return sessionKeyPrefix;
    }

    boolean shardedPubSub() {
        return shardedPubSub;
    }

    int leastEntries() {
        return leastEntries;
    }

    int roomsPerEntry() {
        return roomsPerEntry;
    }

    Duration timeout() {
        return timeout;
    }

    Duration blockTime() {
        return blockTime;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    int appendQueueEntries() {
        return appendQueueEntries;
    }

    long appendQueueBytes() {
        return appendQueueBytes;
    }

    long commandQueueBytes() {
        return commandQueueBytes;
    }

    Duration appendDeadline() {
        return appendDeadline;
    }

    Duration probeInterval() {
        return probeInterval;
    }

    @Nullable
    String sentinelPassword() {
        return sentinelPassword;
    }

    @Nullable
    SSLContext tls() {
        return tls;
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    private static void checkTime(String option, Duration value) {
        check(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                option,
                value,
                "between " + SHORTEST + " and " + LONGEST);
    }

    private static void check(boolean right, String option, Object value, String would) {
        if (!right) {
            throw new IllegalArgumentException("RedisOptions." + option + " is " + value + ", but should be " + would);
        }
    }

    /** Names the server without its secrets. */
    @Override
    public String toString() {
        return "RedisOptions[" + url + ", streams " + streamName + " × " + streamCount + "]";
    }
}
