package dev.realtime;

import dev.realtime.idempotency.Idempotency;
import dev.realtime.limits.RateLimit;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A typed contract of an event that is answered: Socket.IO's event with an acknowledgement (Socket.IO protocol 5, "Acknowledgement"). Clients ask the
 * server by it ({@link NamespaceSetup#on(Request, NamespaceSetup.RequestHandler)}), and the server asks clients ({@link Session#request}), whole rooms
 * ({@link Audience#request}) and other nodes ({@link Namespace#serverRequest}).
 *
 * <pre>{@code
 * record Buy(String item, int count) {}
 * record Bought(int left, long coins) {}
 *
 * // socket.emit("shop:buy", {item: "rope", count: 2}, bought => …)
 * static final Request<Buy, Bought> BUY = Request.of("shop:buy", Buy.class, Bought.class);
 *
 * // …, (left, coins) => …)
 * static final Request<Buy, Bought> BUY_2 = BUY.replyArguments();
 *
 * // …, (error, bought) => …)
 * static final Request<Buy, Bought> BUY_3 = BUY.errorFirst();
 * }</pre>
 *
 * <p>Immutable and thread-safe; make one constant of each.
 *
 * @param <T> the payload; {@link Void} for none
 * @param <R> the reply; {@link Void} for an empty acknowledgement
 */
public final class Request<T, R> {
    private final Event.Contract<T> contract;
    private final Type reply;
    private final PayloadShape replyShape;
    private final boolean nothing;
    private final boolean errorFirst;
    private final @Nullable Idempotency<? super T> idempotency;

    private Request(
            Event.Contract<T> contract,
            Type reply,
            PayloadShape replyShape,
            boolean nothing,
            boolean errorFirst,
            @Nullable Idempotency<? super T> idempotency) {
        this.contract = contract;
        this.reply = reply;
        this.replyShape = replyShape;
        this.nothing = nothing;
        this.errorFirst = errorFirst;
        this.idempotency = idempotency;
    }

    private static <T, R> Request<T, R> of(Event.Contract<T> contract, Type reply) {
        boolean none = reply == Void.class;
        return new Request<>(
                contract,
                reply,
                none ? PayloadShape.NONE : PayloadShape.SINGLE,
                none || reply == Object.class,
                false,
                null);
    }

    private Request<T, R> with(Event.Contract<T> changed) {
        return new Request<>(changed, reply, replyShape, nothing, errorFirst, idempotency);
    }

    /** Returns a request with one argument, or none if the payload is {@link Void}. */
    public static <T, R> Request<T, R> of(String name, Class<T> payload, Class<R> reply) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(reply, "reply");
        return of(name, TypeToken.of(payload), TypeToken.of(reply));
    }

    /** Returns a request whose payload or reply is of a generic type; {@link TypeToken#of} makes a token of a class. */
    public static <T, R> Request<T, R> of(String name, TypeToken<T> payload, TypeToken<R> reply) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(reply, "reply");
        PayloadShape shape = payload.type() == Void.class ? PayloadShape.NONE : PayloadShape.SINGLE;
        return of(Event.Contract.of(name, payload.type(), shape), reply.type());
    }

    /** Returns a request whose arguments are the components of a record; see {@link Event} for those that may be missing. */
    public static <T extends Record, R> Request<T, R> ofArguments(String name, Class<T> arguments, Class<R> reply) {
        Event.Contract<T> contract = Event.Contract.of(name, arguments, PayloadShape.ARGUMENTS);
        return of(contract, Objects.requireNonNull(reply, "reply"));
    }

    /** Returns a request whose arguments are the components of a record, and whose reply is of a generic type. */
    public static <T extends Record, R> Request<T, R> ofArguments(String name, Class<T> arguments, TypeToken<R> reply) {
        Event.Contract<T> contract = Event.Contract.of(name, arguments, PayloadShape.ARGUMENTS);
        return of(contract, Objects.requireNonNull(reply, "reply").type());
    }

    /** @see Event#limit(RateLimit) */
    public Request<T, R> limit(RateLimit limit) {
        return with(contract.limit(limit));
    }

    /** @see Event#permission(String) */
    public Request<T, R> permission(String permission) {
        return with(contract.permission(permission));
    }

    /** @see Event#speech() */
    public Request<T, R> speech() {
        return with(contract.speech());
    }

    /** @see Event#validate(Event.Validator) */
    public Request<T, R> validate(Event.Validator<? super T> validator) {
        return with(contract.validate(validator));
    }

    /** @see Event#nullablePayload() */
    public Request<T, R> nullablePayload() {
        return with(contract.nullablePayload());
    }

    /**
     * Returns the same request, whose reply may be nothing: an acknowledgement that is empty or null is then the reply null, instead of a
     * {@linkplain RequestFailedException.Reason#BAD_REPLY bad reply}. So it is for {@link Object} and {@link Void} anyway.
     */
    public Request<T, R> nullableReply() {
        return new Request<>(contract, reply, replyShape, true, errorFirst, idempotency);
    }

    /**
     * Returns the same request, whose reply has several arguments, {@code ack(1, "x")}: the components of the record that is its reply.
     *
     * @throws IllegalArgumentException if the reply is no record
     */
    public Request<T, R> replyArguments() {
        if (!(reply instanceof Class<?> type) || !type.isRecord()) {
            throw new IllegalArgumentException("the arguments of the reply to '" + name()
                    + "' are the components of a record, not of " + reply.getTypeName());
        }
        return new Request<>(contract, reply, PayloadShape.ARGUMENTS, nothing, errorFirst, idempotency);
    }

    /**
     * Returns the same request, acknowledged as Node.js programs like to: the first argument is an error or null, and the reply stands behind it.
     *
     * <ul>
     *   <li>The server's reply is {@code ack(null, reply)}. A refusal is {@code ack({code, message})}, with {@code retryAfterMs} where that helps,
     *       whatever the {@linkplain NamespaceSetup#refusals namespace} does otherwise.
     *   <li>A client that is asked answers {@code ack(null, reply)}. Any other first argument is its error, and the request fails with
     *       {@link RequestFailedException.Reason#REFUSED}.
     * </ul>
     */
    public Request<T, R> errorFirst() {
        return new Request<>(contract, reply, replyShape, nothing, true, idempotency);
    }

    /**
     * Returns the same request, handled once: one that a client sends again gets the answer of the first. As {@link #idempotentBy(Idempotency)} with a window of
     * 2 min.
     *
     * @param key what the client puts into the payload to recognise it by
     */
    public Request<T, R> idempotentBy(Function<? super T, @Nullable String> key) {
        return idempotentBy(Idempotency.<T>by(key));
    }

    /**
     * As {@link #idempotentBy(Idempotency)}.
     *
     * @param key what the client puts into the payload to recognise it by
     * @param window how long an answer is kept: between 1 s and 1 day
     * @throws IllegalArgumentException if the window is out of range
     */
    public Request<T, R> idempotentBy(Function<? super T, @Nullable String> key, Duration window) {
        return idempotentBy(Idempotency.<T>by(key).window(window));
    }

    /**
     * Returns the same request, handled once: where the server handles it for clients, one that is sent again, to whatever node, gets the answer of the first, as long as
     * that is kept. {@link Idempotency} says what that means. It changes nothing where the server or another node is who asks.
     */
    public Request<T, R> idempotentBy(Idempotency<? super T> options) {
        Objects.requireNonNull(options, "idempotency");
        return new Request<>(contract, reply, replyShape, nothing, errorFirst, options);
    }

    public String name() {
        return contract.name();
    }

    public Event.Contract<T> contract() {
        return contract;
    }

    /** Returns the type of the reply. */
    public Type reply() {
        return reply;
    }

    /** Returns how the reply stands among the arguments of an acknowledgement, behind an error that may come first. */
    public PayloadShape replyShape() {
        return replyShape;
    }

    /** Returns whether an empty acknowledgement, or null, is a reply. */
    public boolean mayReplyNothing() {
        return nothing;
    }

    /** Returns whether the first argument of an acknowledgement is an error or null. */
    public boolean isErrorFirst() {
        return errorFirst;
    }

    /** Returns how a request is recognised that is sent again; empty if it is handled each time. */
    public Optional<Idempotency<? super T>> idempotency() {
        return Optional.ofNullable(idempotency);
    }

    @Override
    public String toString() {
        return contract.name();
    }
}
