package dev.realtime;

import dev.realtime.limits.RateLimit;
import java.lang.reflect.Type;
import java.util.Objects;

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

    private Request(
            Event.Contract<T> contract, Type reply, PayloadShape replyShape, boolean nothing, boolean errorFirst) {
        this.contract = contract;
        this.reply = reply;
        this.replyShape = replyShape;
        this.nothing = nothing;
        this.errorFirst = errorFirst;
    }

    private static <T, R> Request<T, R> of(Event.Contract<T> contract, Type reply) {
        boolean none = reply == Void.class;
        return new Request<>(
                contract, reply, none ? PayloadShape.NONE : PayloadShape.SINGLE, none || reply == Object.class, false);
    }

    private Request<T, R> with(Event.Contract<T> changed) {
        return new Request<>(changed, reply, replyShape, nothing, errorFirst);
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
        return new Request<>(contract, reply, replyShape, true, errorFirst);
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
        return new Request<>(contract, reply, PayloadShape.ARGUMENTS, nothing, errorFirst);
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
        return new Request<>(contract, reply, replyShape, nothing, true);
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

    @Override
    public String toString() {
        return contract.name();
    }
}
