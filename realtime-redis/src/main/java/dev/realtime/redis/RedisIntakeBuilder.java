package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.PayloadShape;
import dev.realtime.Realtime;
import dev.realtime.json.JacksonJson;
import dev.realtime.redis.internal.intake.CommandClaims;
import dev.realtime.spi.JsonCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which channels a {@link RedisIntake} hears, and what it does with what is said there. Not thread-safe. */
public final class RedisIntakeBuilder {
    private static final int LONGEST_CHANNEL = 128;
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);

    final RedisOptions options;
    final Map<String, IntakeRoute<?>> routes = new LinkedHashMap<>();
    final Map<String, byte[]> adminKeys = new LinkedHashMap<>();
    IntakeLimits limits = IntakeLimits.DEFAULT;
    JsonCodec json = JacksonJson.codec();

    @Nullable
    Executor executor;

    @Nullable
    String adminChannel;

    @Nullable
    Realtime realtime;

    Event<String> announcement = Event.of("announcement", String.class);
    Duration adminWindow = Duration.ofSeconds(30);

    RedisIntakeBuilder(RedisOptions options) {
        this.options = options;
    }

    /**
     * Hears the channel of the event's name. Each message is JSON that is bound to the event's payload and {@linkplain Event#validate validated}, as
     * an event of a client would be; its limits and permissions are of no concern here. What does not pass is dropped and counted. Messages are told
     * apart by their bytes: the same said twice within two minutes counts as one for what is {@linkplain IntakeMessage#namespace done once}.
     *
     * @param event has one argument; its name is the channel
     * @throws IllegalArgumentException if the channel has a handler, or if the event has no argument, or several
     */
    public <T> RedisIntakeBuilder on(Event<T> event, IntakeHandler<? super T> handler) {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(handler, "handler");
        return add(event, null, handler);
    }

    /**
     * Hears the channel of the event's name, whose messages have ids.
     *
     * @param id takes out of a payload what no other message of the channel has, 1 to 256 characters; a message without is dropped
     */
    public <T> RedisIntakeBuilder on(Event<T> event, Function<? super T, String> id, IntakeHandler<? super T> handler) {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(handler, "handler");
        return add(event, id, handler);
    }

    private <T> RedisIntakeBuilder add(
            Event<T> event, @Nullable Function<? super T, String> id, IntakeHandler<? super T> handler) {
        if (event.contract().shape() != PayloadShape.SINGLE) {
            throw new IllegalArgumentException("a message on a channel is one value, but '" + event + "' has "
                    + (event.contract().shape() == PayloadShape.NONE ? "no argument" : "several arguments"));
        }
        String channel = checkChannel(event.name());
        checkFree(channel);
        routes.put(channel, new IntakeRoute<T>(event.contract(), id, handler));
        return this;
    }

    /**
     * Carries out commands that are {@linkplain AdminPublisher signed} with one of these keys. By default there are none, and nothing is carried out.
     *
     * <p>One of the nodes that hear a command carries it out. If that node dies in the moment between, nobody does.
     *
     * @param channel such as {@code tableforge:admin}
     * @param realtime carries them out; what concerns users needs {@link dev.realtime.RealtimeBuilder#users}
     * @param first one of the keys that this node knows
     * @param more others, such as the one that is being withdrawn
     * @throws IllegalArgumentException if the channel has a handler, if there is one for commands already, or if two keys have one id
     */
    public RedisIntakeBuilder admin(String channel, Realtime realtime, AdminKey first, AdminKey... more) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(realtime, "realtime");
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(more, "more");
        checkFree(checkChannel(channel));
        if (adminChannel != null) {
            throw new IllegalArgumentException("there is a channel for commands already");
        }
        know(first);
        for (AdminKey key : more) {
            know(Objects.requireNonNull(key, "more"));
        }
        this.adminChannel = channel;
        this.realtime = realtime;
        return this;
    }

    private void know(AdminKey key) {
        if (adminKeys.putIfAbsent(key.id(), key.secret()) != null) {
            throw new IllegalArgumentException("two keys have the id '" + key.id() + "'");
        }
    }

    /**
     * Sets how far the time of a signed command may be from Redis's clock, to either side. Its nonce is remembered for half an hour,
     * so that nodes may have different windows.
     *
     * @param window 1 second to 10 minutes; default 30 seconds
     */
    public RedisIntakeBuilder adminWindow(Duration window) {
        Objects.requireNonNull(window, "adminWindow");
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(CommandClaims.LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException("adminWindow must be between 1 s and 10 min, but is " + window);
        }
        this.adminWindow = window;
        return this;
    }

    /**
     * Sets which event the command {@link AdminCommand.Announce} emits. An {@linkplain Event#envelope envelope} gives it another form.
     *
     * @param event default {@code announcement}, with the text as its argument
     */
    public RedisIntakeBuilder announcement(Event<String> event) {
        this.announcement = Objects.requireNonNull(event, "announcement");
        return this;
    }

    /** Sets how much of each channel is taken; default {@link IntakeLimits#DEFAULT}. */
    public RedisIntakeBuilder limits(IntakeLimits value) {
        this.limits = Objects.requireNonNull(value, "limits");
        return this;
    }

    /** Sets how messages become payloads, and events JSON; as the nodes have it. By default Jackson does it. */
    public RedisIntakeBuilder json(JsonCodec value) {
        this.json = Objects.requireNonNull(value, "json");
        return this;
    }

    /** Sets where handlers run. Default: threads of the intake's own, one for each channel that is busy. An executor that is given here is left alone. */
    public RedisIntakeBuilder executor(Executor value) {
        this.executor = Objects.requireNonNull(value, "executor");
        return this;
    }

    /**
     * Connects, and blocks until Redis has confirmed all channels.
     *
     * @throws IllegalArgumentException if there is nothing to hear, or if a payload cannot be read
     * @throws BackendUnavailableException when Redis cannot be reached, or does not let this user subscribe
     */
    public RedisIntake start() {
        if (routes.isEmpty() && adminChannel == null) {
            throw new IllegalArgumentException("an intake hears at least one channel, but none was given");
        }
        routes.values().forEach(route -> json.checkReadable(route.contract().payload()));
        return RedisIntake.start(this);
    }

    private void checkFree(String channel) {
        if (routes.containsKey(channel) || channel.equals(adminChannel)) {
            throw new IllegalArgumentException("channel '" + channel + "' has a handler already");
        }
    }

    /** @throws IllegalArgumentException if it is no name of a channel */
    static String checkChannel(String channel) {
        if (channel.isEmpty()
                || channel.length() > LONGEST_CHANNEL
                || channel.chars().anyMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c))) {
            throw new IllegalArgumentException(
                    "a channel has 1 to " + LONGEST_CHANNEL + " characters, and no control characters");
        }
        return channel;
    }
}
