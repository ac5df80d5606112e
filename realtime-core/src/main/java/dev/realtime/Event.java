package dev.realtime;

import dev.realtime.envelope.EnvelopeForm;
import dev.realtime.internal.options.Range;
import dev.realtime.limits.RateLimit;
import dev.realtime.mail.MailForm;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A typed contract: the name of an event, the type of what it carries, and the policy that clients who send it are held to. It is the same object that a
 * handler is registered for, that the server emits, and that tests send; make one constant of each and share it.
 *
 * <pre>{@code
 * record Chat(String text) {}
 * record Move(int x, int y) {}
 *
 * static final Event<Chat> SAY = Event.of("chat:say", Chat.class)
 *         .limit(RateLimit.perMinute(20))
 *         .permission("chat.global");
 * static final Event<Move> MOVED = Event.ofArguments("moved", Move.class);
 * static final Event<Void> READY = Event.of("ready");
 * static final Event<List<Move>> PATH = Event.of("path", new TypeToken<List<Move>>() {});
 * }</pre>
 *
 * <h2>What stands on the wire</h2>
 *
 * <p>A Socket.IO event is a name and a list of arguments, which are JSON or binary (Socket.IO protocol 5, "Sending and receiving data"). An event made
 * by {@link #of(String, Class)} has one argument: {@code socket.emit("chat:say", {text: "hi"})}. One made by {@link #ofArguments} has as many as its
 * record has components, in their order: {@code socket.emit("moved", 3, 4)}. One made by {@link #of(String)} has none. What a client sends behind
 * that is ignored.
 *
 * <h2>Arguments that may be missing, and any number of them</h2>
 *
 * <p>A component that is an {@code Optional}, or carries an annotation named {@code Nullable}, may be null, and may be left out at the end. A last
 * component declared with {@code ...} takes all the arguments that are left:
 *
 * <pre>{@code
 * // ("use_item", "rope") or ("use_item", "rope", "ann")
 * record UseItem(String item, @Nullable String target) {}
 *
 * // ("roll", "attack", 6, 20, 20)
 * record Roll(String reason, int... dice) {}
 *
 * static final Event<UseItem> USE_ITEM = Event.ofArguments("use_item", UseItem.class);
 * static final Event<Roll> ROLL = Event.ofArguments("roll", Roll.class);
 * }</pre>
 *
 * <h2>What is checked, in this order</h2>
 *
 * <p>The {@linkplain #limit rate}, the payload's form and its {@linkplain #validate validator}, the {@linkplain #permission permission}; then interceptors
 * run, and the handler. These hold for events of clients: the server emits what it likes. An event that does not pass is refused with an
 * {@link ErrorCode}, and the session goes on.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> the payload; {@link Void} for none
 */
public final class Event<T> {
    private final Contract<T> contract;

    private Event(Contract<T> contract) {
        this.contract = contract;
    }

    /**
     * Returns an event with one argument.
     *
     * @param name 1 to 128 characters, and none that the official clients keep for themselves, such as {@code connect}
     * @throws IllegalArgumentException if the name is none
     */
    public static <T> Event<T> of(String name, Class<T> payload) {
        return new Event<>(Contract.of(name, payload, PayloadShape.SINGLE));
    }

    /** Returns an event with one argument of a generic type, such as a list. */
    public static <T> Event<T> of(String name, TypeToken<T> payload) {
        Objects.requireNonNull(payload, "payload");
        return new Event<>(Contract.of(name, payload.type(), PayloadShape.SINGLE));
    }

    /** Returns an event without arguments. */
    public static Event<Void> of(String name) {
        return new Event<>(Contract.of(name, Void.class, PayloadShape.NONE));
    }

    /** Returns an event whose arguments are the components of a record: {@code record Move(int x, int y)} is {@code emit("move", x, y)}. */
    public static <T extends Record> Event<T> ofArguments(String name, Class<T> arguments) {
        return new Event<>(Contract.of(name, arguments, PayloadShape.ARGUMENTS));
    }

    /**
     * Returns the same event, received at most this often from one user. A limit without a {@linkplain RateLimit.Rule#category category} is the event's
     * own; beside it an event may have one of each category, and must find room in all of them. Default: any number of times.
     *
     * <pre>{@code
     * static final RateLimit MESSAGES = RateLimit.perMinute(100).burst(20).category("messages");
     *
     * static final Event<Chat> WHISPER = Event.of("chat:whisper", Chat.class).limit(RateLimit.perMinute(20)).limit(MESSAGES);
     * static final Event<Chat> SHOUT = Event.of("chat:shout", Chat.class).limit(RateLimit.perMinute(2)).limit(MESSAGES);
     * }</pre>
     *
     * @param limit takes the place of the one that the event has of the same category
     */
    public Event<T> limit(RateLimit limit) {
        return new Event<>(contract.limit(limit));
    }

    /** Returns the same event, received only from principals with this permission. Default: from everybody. */
    public Event<T> permission(String permission) {
        return new Event<>(contract.permission(permission));
    }

    /**
     * Returns the same event, which is speech: it is not received from a user who is {@linkplain dev.realtime.users.User#mute muted}. By default it is
     * received all the same.
     */
    public Event<T> speech() {
        return new Event<>(contract.speech());
    }

    /** Returns the same event, received only with payloads that this accepts; an {@link IllegalArgumentException}'s message is shown to the client. */
    public Event<T> validate(Validator<? super T> validator) {
        return new Event<>(contract.validate(validator));
    }

    /**
     * Returns the same event, whose payload may be null: a client may then send null or nothing, and the handler gets null. By default that is refused.
     *
     * @throws IllegalArgumentException if the event has not one argument: components of a record are nullable by themselves
     */
    public Event<T> nullablePayload() {
        return new Event<>(contract.nullablePayload());
    }

    /**
     * Returns the same event, which is not acknowledged. By default a client that asks for an acknowledgement gets an empty one when the handler has
     * returned; of this event it gets none, and waits until its own timeout, as with a Node.js handler that does not call back. A refusal is told all the
     * same, if {@linkplain NamespaceSetup#refusals refusals} are.
     */
    public Event<T> unacknowledged() {
        return new Event<>(contract.unacknowledged());
    }

    /**
     * Returns the same event, which is of no use to anybody after this time: if it is older it is not delivered, by no node that is late and by no replay
     * to a session that returns. The age is counted by the clock of the log, from when the log took the event, so no node's own clock decides. Who has
     * not got it has missed nothing: the events around it arrive as always. By default an event holds as long as the log keeps it.
     *
     * <p>It holds for reliable events that the server emits. What has been handed to a connection in time may still be on its way to a slow client, and
     * Node.js servers in the cluster deliver it whenever they get it.
     *
     * @param life 1 millisecond to 30 days
     */
    public Event<T> expiresAfter(Duration life) {
        Objects.requireNonNull(life, "life");
        Range.between(Duration.ofMillis(1), Duration.ofDays(30), "Event.expiresAfter", life);
        return new Event<>(contract.with(policy -> policy.expiresAfter = Optional.of(life)));
    }

    /**
     * Returns the same event, which is of this kind: for {@linkplain #envelope envelopes}, and for {@linkplain EventInterceptor interceptors} that treat
     * events of one kind alike. By default it is of none.
     *
     * @param name 1 to 64 characters, such as {@code chat}
     */
    public Event<T> category(String name) {
        Objects.requireNonNull(name, "name");
        Range.check(
                !name.isBlank() && name.length() <= 64,
                "Event.category",
                "1 to 64 characters that are not all spaces",
                "'" + name + "'");
        return new Event<>(contract.with(policy -> policy.category = Optional.of(name)));
    }

    /**
     * Returns the same event, which clients get in an envelope: its only argument is what this makes of the payload, and of the sender and the time that the
     * server stamps. By default they get the payload as it is.
     *
     * <pre>{@code
     * record Said(String text) {}
     * record Letter(String event_type, Instant timestamp, Optional<String> sender_id, Said data) {}
     *
     * static final Event<Said> SAID = Event.of("chat:said", Said.class)
     *         .envelope((envelope, said) -> new Letter(envelope.event(), envelope.time(), envelope.senderId(), said));
     * }</pre>
     *
     * <p>It holds for events that the server emits, reliable or not. What it throws is thrown by the emit.
     */
    public Event<T> envelope(EnvelopeForm<? super T> form) {
        Objects.requireNonNull(form, "form");
        return new Event<>(contract.with(policy -> policy.envelope = Optional.of(form)));
    }

    /**
     * Returns the same event, which is kept for the user that it is emitted to, until a client of the user has acknowledged it: a message of normal importance, whose content is the
     * payload. See {@link #persistOffline(MailForm)}.
     */
    public Event<T> persistOffline() {
        return persistOffline((draft, payload) -> draft);
    }

    /**
     * Returns the same event, which is kept for the user that it is emitted to, until a client of the user has acknowledged it. It can be emitted to users alone, {@code
     * game.user("u7").emit(LETTER, letter)}, in namespaces with {@linkplain NamespaceSetup#mail mail}. A client that is there gets it at once, as itself and with one more argument that tells which
     * message it is; one that comes later gets it as a message, in the event that {@link dev.realtime.mail.MailOptions#deliveryEvent} names, see {@link
     * dev.realtime.mail.MailOptions#ownNames(boolean)}. Headers are not used. By default an event is gone when nobody is there.
     *
     * @param form makes the message
     */
    public Event<T> persistOffline(MailForm<? super T> form) {
        Objects.requireNonNull(form, "form");
        return new Event<>(contract.with(policy -> policy.mail = Optional.of(form)));
    }

    public String name() {
        return contract.name();
    }

    public Contract<T> contract() {
        return contract;
    }

    @Override
    public String toString() {
        return contract.name();
    }

    /** Checks a payload. */
    @FunctionalInterface
    public interface Validator<T> {
        /** @throws IllegalArgumentException with a message for the client */
        void check(T payload);
    }

    /** What events and requests have in common, as {@linkplain EventInterceptor interceptors} see it. Immutable. */
    public static final class Contract<T> {
        private static final String ENGINE_PREFIX = "realtime:";

        /** Names that the client library keeps for itself. */
        private static final Set<String> RESERVED =
                Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

        private final String name;
        private final Type payload;
        private final PayloadShape shape;
        private final Policy<T> policy;

        private Contract(String name, Type payload, PayloadShape shape, Policy<T> policy) {
            this.name = name;
            this.payload = payload;
            this.shape = shape;
            this.policy = policy;
        }

        static <T> Contract<T> of(String name, Type payload, PayloadShape shape) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(payload, shape == PayloadShape.ARGUMENTS ? "arguments" : "payload");
            if (name.isEmpty() || name.length() > 128 || RESERVED.contains(name)) {
                throw new IllegalArgumentException("an event's name has 1 to 128 characters and is none of " + RESERVED
                        + ", but is '" + name + "'");
            }
            Range.check(
                    !name.startsWith(ENGINE_PREFIX),
                    "an event's name",
                    "free of the prefix '" + ENGINE_PREFIX + "', which is the engine's own",
                    "'" + name + "'");
            Range.wellFormed("an event's name", name);
            return new Contract<>(name, payload, shape, new Policy<>());
        }

        private Contract<T> with(Consumer<Policy<T>> change) {
            return new Contract<>(name, payload, shape, policy.with(change));
        }

        Contract<T> limit(RateLimit most) {
            Objects.requireNonNull(most, "limit");
            return with(policy -> policy.limit(most));
        }

        Contract<T> permission(String needed) {
            Objects.requireNonNull(needed, "permission");
            return with(policy -> policy.permission = Optional.of(needed));
        }

        Contract<T> validate(Validator<? super T> check) {
            Objects.requireNonNull(check, "validator");
            return with(policy -> policy.validator = Optional.of(check));
        }

        Contract<T> nullablePayload() {
            if (shape != PayloadShape.SINGLE) {
                throw new IllegalArgumentException("the payload of '" + name
                        + "' is not one argument that could be null; a component of its record can be @Nullable");
            }
            return with(policy -> policy.payloadNullable = true);
        }

        Contract<T> speech() {
            return with(policy -> policy.speech = true);
        }

        Contract<T> unacknowledged() {
            return with(policy -> policy.acknowledged = false);
        }

        public String name() {
            return name;
        }

        /** Returns the type of the payload, or of the record whose components are the arguments. */
        public Type payload() {
            return payload;
        }

        /** Returns how the payload stands among the arguments of a packet. */
        public PayloadShape shape() {
            return shape;
        }

        /** Returns whether a client may send null, or nothing, as the payload. */
        public boolean isPayloadNullable() {
            return policy.payloadNullable;
        }

        /** Returns whether a client that asks for an acknowledgement gets one when the handler of this event has returned. */
        public boolean isAcknowledged() {
            return policy.acknowledged;
        }

        /** Returns whether it is speech, which is not received from a muted user. */
        public boolean isSpeech() {
            return policy.speech;
        }

        /** Returns the permission that a client needs, if any. */
        public Optional<String> permission() {
            return policy.permission;
        }

        /** Returns how often it is received from one user: its own limit, if it has one, then those of its categories in the order of their names. */
        public List<RateLimit> limits() {
            return policy.limits;
        }

        /** Returns how long it is worth delivering after the log has taken it, if not for ever. */
        public Optional<Duration> expiresAfter() {
            return policy.expiresAfter;
        }

        /** Returns what kind of event it is, if that was said. */
        public Optional<String> category() {
            return policy.category;
        }

        /** Returns what makes the argument that clients get, if they do not get the payload as it is. */
        public Optional<EnvelopeForm<? super T>> envelope() {
            return policy.envelope;
        }

        /** Returns what makes the message that is kept for a user, if the event persists. */
        public Optional<MailForm<? super T>> mail() {
            return policy.mail;
        }

        /** Returns what checks the payloads of clients, if anything does. */
        public Optional<Validator<? super T>> validator() {
            return policy.validator;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
