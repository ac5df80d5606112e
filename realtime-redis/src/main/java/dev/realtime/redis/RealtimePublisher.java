package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.json.JacksonJson;
import dev.realtime.redis.internal.bus.BusHub;
import dev.realtime.redis.internal.bus.Channels;
import dev.realtime.redis.internal.connection.CommandRoom;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.stream.OnceAppend;
import dev.realtime.redis.internal.wire.BusCodec;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventEncoder;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.LogEntry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Speaks to the sessions of a cluster from a process that is no node of it: a shop, an admin tool, a batch job. It hears nothing and holds no
 * sessions. Clients of nodes of this library and of Node.js servers are reached alike.
 *
 * <pre>{@code
 * try (RealtimePublisher publisher = RealtimePublisher.connect("redis://localhost:6379")) {
 *     publisher.namespace("/").room("zone:tavern").except("team:red").emit(SAID, new Said("ann", "hi"));
 * }
 * }</pre>
 *
 * <p>A mistake of the program, such as a payload without a JSON form, is thrown at once. What Redis does goes into the returned stage; a failure that nobody
 * looks at is logged within bounds, and {@linkplain #counters() counted}.
 *
 * <p>Events of one thread keep their order. An event that was under way while the connection to Redis broke is sent again, so it may arrive twice;
 * one whose stage failed may have arrived. No method but {@link #connect} and {@link #close()} blocks; stages complete on a thread of the publisher,
 * which must not be held up. Thread-safe.
 */
public final class RealtimePublisher implements AutoCloseable {
    /** Not a node: upstream's servers know this name, and do not count who uses it. */
    private static final String UID = "emitter";
    /** Of a stream; what the nodes keep for recovery by default, since a publisher does not know what they want. */
    private static final int KEEP = 100_000;

    /** For whoever has just been given a stage: between a failure and the judgement that nobody looks at it. */
    private static final int GRACE_SECONDS = 5;

    /** What the nodes take for the name of a namespace. */
    private static final Pattern NAMESPACE = Pattern.compile("/[^,?#\\s\\p{Cntrl}]{0,127}");

    private final RedisOptions options;
    private final EventEncoder encoder;
    private final Channels channels;
    private final Commands commands;
    private final BusHub bus;
    private final StreamEntryCodec entries;
    private final BusCodec messages;
    private final CommandRoom room;
    private final BoundedLog lines = new BoundedLog(System::nanoTime);
    private final UnseenPublishFailures unseen = new UnseenPublishFailures(
            CompletableFuture.delayedExecutor(GRACE_SECONDS, TimeUnit.SECONDS, Runnable::run), lines);

    private RealtimePublisher(RedisOptions options, EventEncoder encoder, Connector connector) {
        this.options = options;
        this.encoder = encoder;
        this.messages = new BusCodec(lines);
        this.entries = new StreamEntryCodec(options.roomsPerEntry(), lines);
        this.channels = new Channels(options.channelPrefix());
        this.room = new CommandRoom(options.commandQueueBytes());
        this.commands = new Commands("publisher", connector, room, options.appendDeadline(), () -> false);
        this.bus = new BusHub(connector, channels, options.shardedPubSub(), lines);
    }

    /** Connects with the default options; see {@link RedisOptions#of} for the forms of the URL. */
    public static RealtimePublisher connect(String url) {
        Objects.requireNonNull(url, "url");
        return connect(RedisOptions.of(url));
    }

    /** Connects, with the default codec. */
    public static RealtimePublisher connect(RedisOptions options) {
        Objects.requireNonNull(options, "options");
        return connect(options, JacksonJson.codec());
    }

    /**
     * Connects. Blocks until Redis has answered.
     *
     * @param options as the nodes have them: of streams, channels, connection and {@link RedisOptions#appendDeadline}, which is how long an event
     *     may wait for Redis
     * @param json the codec of the nodes
     * @throws BackendUnavailableException when Redis cannot be reached
     */
    public static RealtimePublisher connect(RedisOptions options, JsonCodec json) {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(json, "json");
        Connector connector =
                new Connector(options.url(), options.timeout(), options.sentinelPassword(), options.tls());
        try {
            connector.open(options.streamName()).close();
            return new RealtimePublisher(options, JacksonJson.encoder(json), connector);
        } catch (JedisException e) {
            throw new BackendUnavailableException(
                    "Redis at " + options.url() + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Everybody in a namespace, to be narrowed.
     *
     * @param name with its slash: {@code /}, {@code /chat}
     * @throws IllegalArgumentException when no node could serve a namespace of that name
     */
    public PublisherNamespace namespace(String name) {
        Objects.requireNonNull(name, "name");
        if (!NAMESPACE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a namespace begins with '/' and has at most 128 characters without spaces, commas, '?' and '#',"
                            + " but is '"
                            + BoundedLog.clean(name) + "'");
        }
        return new PublisherNamespace(this, name);
    }

    /**
     * Publishes a payload as JSON on the Redis channel of the event's name, for services that are no clients and no nodes: {@code PUBLISH
     * game:character_update '{…}'}. Whoever subscribes at that moment hears it; it has no place in a log, and may be lost or, if the connection to
     * Redis breaks, be published twice. An {@linkplain Event#envelope envelope} can say where it is from, and when.
     *
     * @param event has one argument, without binary values
     * @return completes when Redis has taken it; exceptionally if it may not have
     * @throws IllegalArgumentException if the event has no argument, or several, or if the payload has no JSON form, or one with binary values
     */
    public <T> CompletionStage<Void> publish(Event<T> event, T payload) {
        Objects.requireNonNull(event, "event");
        return publish(event.name(), ChannelJson.of(event, encoder.encode(event, payload)));
    }

    private CompletionStage<Void> publish(String channel, byte[] message) {
        return commands.send(channel, Protocol.Command.PUBLISH, channel, message)
                .thenApply(listeners -> null);
    }

    /**
     * Returns where signed commands are sent, to nodes whose {@link RedisIntake} listens to the channel and knows the key.
     *
     * @param channel as of {@link RedisIntakeBuilder#admin}
     * @throws IllegalArgumentException if it is no name of a channel
     */
    public AdminPublisher admin(String channel, AdminKey key) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(key, "key");
        return new AdminPublisher(
                RedisIntakeBuilder.checkChannel(channel),
                key,
                () -> commands.send(channel, Protocol.Command.TIME).thenApply(ServerTime::millis),
                message -> publish(channel, message));
    }

    /**
     * Returns what the publisher counts: {@code failures.unseen}, emits and the like that failed while nothing looked at their stage, each of which is
     * logged as well; {@code redis.commands.refused}, {@code redis.bus.dropped} and {@code log.lines.omitted}, as a {@link RedisBackend} counts them.
     */
    public Map<String, Long> counters() {
        return Map.of(
                "failures.unseen", unseen.count(),
                "redis.commands.refused", room.refused(),
                "redis.bus.dropped", bus.dropped(),
                "log.lines.omitted", lines.omitted());
    }

    EventEncoder encoder() {
        return encoder;
    }

    /**
     * @param what names it in the log, should it fail and nobody look
     * @throws IllegalArgumentException if the entry has no form that other nodes could read
     */
    CompletionStage<Position> append(String what, String namespace, LogEntry entry) {
        StreamFields fields = entries.encode(UID, namespace, entry);
        String stream = options.streamOf(namespace);
        CompletionStage<Position> place = commands.send(
                        stream,
                        Protocol.Command.XADD,
                        stream,
                        "MAXLEN",
                        "~",
                        Math.max(KEEP, options.leastEntries()),
                        "*",
                        "uid",
                        fields.uid(),
                        "nsp",
                        fields.namespace(),
                        "type",
                        StreamEntryCodec.formatType(fields.type()),
                        "data",
                        fields.data())
                .thenApply(RealtimePublisher::position);
        return unseen.watch(place, what, namespace);
    }

    /**
     * As {@link #append}, unless an entry was appended under this id before, by whatever process.
     *
     * @throws IllegalArgumentException if the entry has no form that other nodes could read
     */
    CompletionStage<Position> appendOnce(String what, String namespace, LogEntry entry, OnceEffects.Id id) {
        StreamFields fields = entries.encode(UID, namespace, entry);
        String stream = options.streamOf(namespace);
        // in full: a script that is not known yet would have to be sent again, and what comes behind it would overtake
        // it
        CompletionStage<Position> place = commands.send(
                        stream,
                        Protocol.Command.EVAL,
                        OnceAppend.SCRIPT.text(),
                        2,
                        stream,
                        OnceAppend.key(stream, namespace, id.text()),
                        UID,
                        id.remembered().plus(options.appendDeadline()).toMillis(),
                        Math.max(KEEP, options.leastEntries()),
                        "uid",
                        fields.uid(),
                        "nsp",
                        fields.namespace(),
                        "type",
                        StreamEntryCodec.formatType(fields.type()),
                        "data",
                        fields.data())
                .thenApply(reply -> position(OnceAppend.read(reply).position()));
        return unseen.watch(place, what, namespace);
    }

    private static Position position(@Nullable Object reply) {
        Position position = reply instanceof Position known ? known : Position.parse(RedisConnection.text(reply));
        if (position == null) {
            throw new BackendUnavailableException("Redis did not say where it stored an event", null);
        }
        return position;
    }

    /** @throws JsonCodec.EncodeException when the message cannot be encoded */
    void say(String namespace, BusMessage message) {
        try {
            bus.publish(channels.everybody(namespace), messages.encode(UID, namespace, message));
        } catch (IllegalArgumentException e) {
            throw new JsonCodec.EncodeException("the event has no form that other nodes could read", e);
        }
    }

    /** Sends what waits, for a few seconds at most, and ends. */
    @Override
    public void close() {
        commands.close();
        bus.close();
        unseen.close();
    }
}
