package dev.realtime;

import dev.realtime.limits.RateLimit;
import java.util.Objects;

/**
 * A typed contract of an event that is answered: Socket.IO's event with an acknowledgement. Immutable; make one constant of each.
 *
 * @param <T> the payload; {@link Void} for none
 * @param <R> the reply; {@link Void} for an empty acknowledgement
 */
public final class Request<T, R> {
    private final Event.Contract<T> contract;
    private final Class<R> reply;
    private final PayloadShape replyShape;
    private final boolean nothing;

    private Request(Event.Contract<T> contract, Class<R> reply, PayloadShape replyShape, boolean nothing) {
        this.contract = contract;
        this.reply = reply;
        this.replyShape = replyShape;
        this.nothing = nothing;
    }

    private static <T, R> Request<T, R> of(Event.Contract<T> contract, Class<R> reply) {
        boolean none = reply == Void.class;
        return new Request<>(
                contract, reply, none ? PayloadShape.NONE : PayloadShape.SINGLE, none || reply == Object.class);
    }

    private Request<T, R> with(Event.Contract<T> changed) {
        return new Request<>(changed, reply, replyShape, nothing);
    }

    /** A request with one argument. */
    public static <T, R> Request<T, R> of(String name, Class<T> payload, Class<R> reply) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(reply, "reply");
        PayloadShape shape = payload == Void.class ? PayloadShape.NONE : PayloadShape.SINGLE;
        return of(Event.Contract.of(name, payload, shape), reply);
    }

    /** A request whose arguments are the components of a record. */
    public static <T extends Record, R> Request<T, R> ofArguments(String name, Class<T> arguments, Class<R> reply) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(reply, "reply");
        return of(Event.Contract.of(name, arguments, PayloadShape.ARGUMENTS), reply);
    }

    /** @see Event#limit(RateLimit) */
    public Request<T, R> limit(RateLimit limit) {
        Objects.requireNonNull(limit, "limit");
        return with(contract.limit(limit));
    }

    /** @see Event#permission(String) */
    public Request<T, R> permission(String permission) {
        Objects.requireNonNull(permission, "permission");
        return with(contract.permission(permission));
    }

    /** @see Event#validate(Event.Validator) */
    public Request<T, R> validate(Event.Validator<? super T> validator) {
        Objects.requireNonNull(validator, "validator");
        return with(contract.validate(validator));
    }

    /**
     * The same request, whose reply may be nothing: an acknowledgement that is empty or null is then the reply null, instead of a
     * {@linkplain RequestFailedException.Reason#BAD_REPLY bad reply}. So it is for {@link Object} and {@link Void} anyway.
     */
    public Request<T, R> nullableReply() {
        return new Request<>(contract, reply, replyShape, true);
    }

    /**
     * The same request, whose reply has several arguments, {@code ack(1, "x")}: the components of the record that is its reply.
     *
     * @throws IllegalArgumentException if the reply is no record
     */
    public Request<T, R> replyArguments() {
        if (!reply.isRecord()) {
            throw new IllegalArgumentException(
                    "the arguments of the reply to '" + name() + "' are the components of a record, not of " + reply);
        }
        return new Request<>(contract, reply, PayloadShape.ARGUMENTS, nothing);
    }

    public String name() {
        return contract.name();
    }

    public Event.Contract<T> contract() {
        return contract;
    }

    public Class<R> reply() {
        return reply;
    }

    /** How the reply stands among the arguments of an acknowledgement. */
    public PayloadShape replyShape() {
        return replyShape;
    }

    /** Whether an empty acknowledgement, or null, is a reply. */
    public boolean mayReplyNothing() {
        return nothing;
    }

    @Override
    public String toString() {
        return contract.name();
    }
}
