package dev.realtime.redis;

import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.internal.stream.StreamSettings;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link RedisBackend} and of a {@link RealtimePublisher}. Immutable: start from {@link #DEFAULT} or from {@link #of}.
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

    /** Redis at {@code redis://localhost:6379}, and all else as its methods say. */
    public static final RedisOptions DEFAULT = new RedisOptions();

    private RedisUrl url = RedisUrl.parse("redis://localhost:6379");
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
    private @Nullable Time time;

    private RedisOptions() {}

    /**
     * Returns the defaults for a server.
     *
     * @throws IllegalArgumentException if the URL cannot be understood; the message does not repeat it
     * @see #url(String)
     */
    public static RedisOptions of(String url) {
        return DEFAULT.url(url);
    }

    /**
     * Sets where Redis is.
     *
     * @param value {@code redis://user:password@host:6379/0}, {@code rediss://…} for TLS,
     *     {@code redis-sentinel://host:26379,host:26379/master} or {@code redis-cluster://host:6379,host:6379}; user, password,
     *     ports and the number of the database may be left out. What has a meaning in URLs is written as {@code %xx}. Default {@code redis://localhost:6379}
     * @throws IllegalArgumentException if it cannot be understood; the message does not repeat it
     */
    public RedisOptions url(String value) {
        Objects.requireNonNull(value, "url");
        RedisUrl parsed = RedisUrl.parse(value);
        return with(copy -> copy.url = parsed);
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
     * Sets the name of the stream of reliable events. If there are {@linkplain #streamCount(int) several} their names are {@code name-0},
     * {@code name-1} and so on.
     *
     * @param value default {@code socket.io}
     */
    public RedisOptions streamName(String value) {
        Objects.requireNonNull(value, "streamName");
        check(!value.isBlank(), "streamName", "'" + value + "'", "a name");
        return with(copy -> copy.streamName = value);
    }

    /**
     * Sets how many streams there are. Each namespace belongs to one of them. Several streams spread over the servers of a Redis Cluster.
     *
     * @param value between 1 and 1,024; default 1
     */
    public RedisOptions streamCount(int value) {
        check(value >= 1 && value <= 1_024, "streamCount", value, "between 1 and 1024");
        return with(copy -> copy.streamCount = value);
    }

    /** Sets how the names of Pub/Sub channels begin; default {@code socket.io}. */
    public RedisOptions channelPrefix(String prefix) {
        Objects.requireNonNull(prefix, "channelPrefix");
        check(!prefix.isBlank(), "channelPrefix", "'" + prefix + "'", "a name");
        return with(copy -> copy.channelPrefix = prefix);
    }

    /** Sets how the keys of session records begin; default {@code sio:session:}. */
    public RedisOptions sessionKeyPrefix(String prefix) {
        Objects.requireNonNull(prefix, "sessionKeyPrefix");
        check(
                !prefix.isBlank() && !prefix.contains("{") && !prefix.contains("}"),
                "sessionKeyPrefix",
                "'" + prefix + "'",
                "a name without braces");
        return with(copy -> copy.sessionKeyPrefix = prefix);
    }

    /** Sets whether channels are sharded, which needs Redis 7 and spreads them over the servers of a Redis Cluster; default no. */
    public RedisOptions shardedPubSub(boolean sharded) {
        return with(copy -> copy.shardedPubSub = sharded);
    }

    /**
     * Sets how many entries a stream keeps at least, whatever the namespaces ask for with their recovery: so far may a node be behind
     * without a loss; default 10,000, at least 1,000.
     */
    public RedisOptions leastEntries(int entries) {
        check(entries >= 1_000, "leastEntries", entries, "at least 1000");
        return with(copy -> copy.leastEntries = entries);
    }

    /**
     * Sets how many rooms an audience may name, and how many exceptions, in one entry of a stream; default 4,096, from 16 to 100,000. Every node keeps the
     * names for as long as it keeps the entry. An emit to more fails, and an entry of another server with more is left out with a line in the log.
     * The same at all nodes of a cluster.
     */
    public RedisOptions roomsPerEntry(int rooms) {
        check(rooms >= 16 && rooms <= 100_000, "roomsPerEntry", rooms, "between 16 and 100000");
        return with(copy -> copy.roomsPerEntry = rooms);
    }

    /**
     * Sets how long connecting may take, a write, and a reply; default 2 seconds. A server that has stopped without closing its connections is
     * noticed after this time, by the reader after this time and {@link #blockTime} together.
     */
    public RedisOptions timeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        checkTime("timeout", timeout);
        return with(copy -> copy.timeout = timeout);
    }

    /** Sets how long one blocking read waits for news; default 1 second. */
    public RedisOptions blockTime(Duration time) {
        Objects.requireNonNull(time, "blockTime");
        checkTime("blockTime", time);
        return with(copy -> copy.blockTime = time);
    }

    /** Sets how often a node looks whether Redis is there and what it holds is complete; default 1 second. */
    public RedisOptions heartbeat(Duration interval) {
        Objects.requireNonNull(interval, "heartbeat");
        checkTime("heartbeat", interval);
        return with(copy -> copy.heartbeat = interval);
    }

    /**
     * Sets how many events may wait to be appended to a stream. What is emitted beyond it fails with {@link AppendQueueFullException}; while
     * Redis does not answer it also begins the outage, as the deadline would.
     *
     * @param value at least 1; default 50,000
     */
    public RedisOptions appendQueueEntries(int value) {
        check(value >= 1, "appendQueueEntries", value, "at least 1");
        return with(copy -> copy.appendQueueEntries = value);
    }

    /**
     * Sets how many bytes may wait to be appended to a stream, as {@link #appendQueueEntries(int)} sets how many events.
     *
     * @param value in bytes, at least 1,024; default 64 MiB
     */
    public RedisOptions appendQueueBytes(long value) {
        check(value >= 1_024, "appendQueueBytes", value, "at least 1024");
        return with(copy -> copy.appendQueueBytes = value);
    }

    /**
     * Sets how many bytes of commands may wait for Redis: session records that are written, what resumes read, leases; of a publisher, its events.
     * Beyond them, and beyond 100,000 commands, a command fails with {@link CommandQueueFullException} and is counted
     * ({@code redis.commands.refused}). What tells whether Redis is there has room of its own.
     *
     * @param bytes default 64 MiB, at least 1 MiB
     */
    public RedisOptions commandQueueBytes(long bytes) {
        check(bytes >= 1 << 20, "commandQueueBytes", bytes, "at least 1048576");
        return with(copy -> copy.commandQueueBytes = bytes);
    }

    /**
     * Sets how long an event may wait for Redis; default 5 seconds. Interruptions that are shorter lose nothing and change nothing. Past it
     * the node goes on by itself: it is degraded, events reach its own sessions only and their stages fail with
     * {@link DeliveredLocallyException}. Session records and leases wait as long, and then fail with {@link BackendUnavailableException}.
     */
    public RedisOptions appendDeadline(Duration deadline) {
        Objects.requireNonNull(deadline, "appendDeadline");
        checkTime("appendDeadline", deadline);
        return with(copy -> copy.appendDeadline = deadline);
    }

    /** Sets how often a degraded node tries whether Redis is back; default 1 second. */
    public RedisOptions probeInterval(Duration interval) {
        Objects.requireNonNull(interval, "probeInterval");
        checkTime("probeInterval", interval);
        return with(copy -> copy.probeInterval = interval);
    }

    /** Sets the password of the sentinels themselves; default none. The URL's user and password are those of the servers they watch. */
    public RedisOptions sentinelPassword(String password) {
        Objects.requireNonNull(password, "sentinelPassword");
        return with(copy -> copy.sentinelPassword = password);
    }

    /** Sets whom TLS trusts, and who this node is; default the JVM's. The server's name is checked in any case. */
    public RedisOptions tls(SSLContext context) {
        Objects.requireNonNull(context, "tls");
        return with(copy -> copy.tls = context);
    }

    /** Sets the clock by which entries grow old, default the machine's. Connections always go by the machine's. */
    public RedisOptions time(Time time) {
        Objects.requireNonNull(time, "time");
        return with(copy -> copy.time = time);
    }

    RedisUrl url() {
        return url;
    }

    /** Returns what {@link #streamName(String)} has set. */
    public String streamName() {
        return streamName;
    }

    /** The stream of a namespace; servers of another kind choose it by the same hash. */
    String streamOf(String namespace) {
        return StreamSettings.name(streamName, streamCount, StreamSettings.index(namespace, streamCount));
    }

    /** Returns what {@link #streamCount(int)} has set. */
    public int streamCount() {
        return streamCount;
    }

    /** Returns what {@link #channelPrefix(String)} has set. */
    public String channelPrefix() {
        return channelPrefix;
    }

    /** Returns what {@link #sessionKeyPrefix(String)} has set. */
    public String sessionKeyPrefix() {
        return sessionKeyPrefix;
    }

    /** Returns what {@link #shardedPubSub(boolean)} has set. */
    public boolean shardedPubSub() {
        return shardedPubSub;
    }

    /** Returns what {@link #leastEntries(int)} has set. */
    public int leastEntries() {
        return leastEntries;
    }

    /** Returns what {@link #roomsPerEntry(int)} has set. */
    public int roomsPerEntry() {
        return roomsPerEntry;
    }

    /** Returns what {@link #timeout(Duration)} has set. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns what {@link #blockTime(Duration)} has set. */
    public Duration blockTime() {
        return blockTime;
    }

    /** Returns what {@link #heartbeat(Duration)} has set. */
    public Duration heartbeat() {
        return heartbeat;
    }

    /** Returns what {@link #appendQueueEntries(int)} has set. */
    public int appendQueueEntries() {
        return appendQueueEntries;
    }

    /** Returns what {@link #appendQueueBytes(long)} has set. */
    public long appendQueueBytes() {
        return appendQueueBytes;
    }

    /** Returns what {@link #commandQueueBytes(long)} has set. */
    public long commandQueueBytes() {
        return commandQueueBytes;
    }

    /** Returns what {@link #appendDeadline(Duration)} has set. */
    public Duration appendDeadline() {
        return appendDeadline;
    }

    /** Returns what {@link #probeInterval(Duration)} has set. */
    public Duration probeInterval() {
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
        Time given = time;
        return given == null ? System::nanoTime : given::nanoTime;
    }

    private static void checkTime(String option, Duration value) {
        check(
                value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                option,
                value,
                "between 10 ms and 10 min");
    }

    private static void check(boolean right, String option, Object value, String would) {
        if (!right) {
            throw new IllegalArgumentException("RedisOptions." + option + " must be " + would + ", but is " + value);
        }
    }

    /** Names the server without its secrets. */
    /** Returns all that may be shown by name, in order; of a URL not the credentials, as {@link RedisUrl#toString()}. */
    private Map<String, Object> shown() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("url", url);
        values.put("streamName", streamName);
        values.put("streamCount", streamCount);
        values.put("channelPrefix", channelPrefix);
        values.put("sessionKeyPrefix", sessionKeyPrefix);
        values.put("shardedPubSub", shardedPubSub);
        values.put("leastEntries", leastEntries);
        values.put("roomsPerEntry", roomsPerEntry);
        values.put("timeout", timeout);
        values.put("blockTime", blockTime);
        values.put("heartbeat", heartbeat);
        values.put("appendQueueEntries", appendQueueEntries);
        values.put("appendQueueBytes", appendQueueBytes);
        values.put("commandQueueBytes", commandQueueBytes);
        values.put("appendDeadline", appendDeadline);
        values.put("probeInterval", probeInterval);
        return values;
    }

    /** Equal options lead to the same Redis in the same way: with the same credentials, and the same context of TLS. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RedisOptions that
                && shown().equals(that.shown())
                && Objects.equals(sentinelPassword, that.sentinelPassword)
                && Objects.equals(tls, that.tls)
                && Objects.equals(time, that.time);
    }

    @Override
    public int hashCode() {
        return Objects.hash(shown(), sentinelPassword, tls, time);
    }

    /** Shows no password. */
    @Override
    public String toString() {
        Map<String, Object> values = shown();
        if (sentinelPassword != null) {
            values.put("sentinelPassword", "(set)");
        }
        if (tls != null) {
            values.put("tls", "(set)");
        }
        String text = values.toString();
        return "RedisOptions[" + text.substring(1, text.length() - 1) + "]";
    }
}
