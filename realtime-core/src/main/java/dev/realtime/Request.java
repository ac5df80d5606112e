package dev.realtime;

/**
 * A typed contract of an event that is answered: Socket.IO's event with an acknowledgement. Immutable; make one constant of each.
 *
 * @param <T> the payload; {@link Void} for none
 * @param <R> the reply; {@link Void} for an empty acknowledgement
 */
public final class Request<T, R> {
    private final Event.Contract<T> contract;
    private final Class<R> reply;

    private Request(Event.Contract<T> contract, Class<R> reply) {
        this.contract = contract;
        this.reply = reply;
    }

    /** A request with one argument. */
    public static <T, R> Request<T, R> of(String name, Class<T> payload, Class<R> reply) {
        PayloadShape shape = payload == Void.class ? PayloadShape.NONE : PayloadShape.SINGLE;
        return new Request<>(Event.Contract.of(name, payload, shape), reply);
    }

    /** A request whose arguments are the components of a record. */
    public static <T extends Record, R> Request<T, R> ofArguments(String name, Class<T> arguments, Class<R> reply) {
        return new Request<>(Event.Contract.of(name, arguments, PayloadShape.ARGUMENTS), reply);
    }

    /** @see Event#limit(RateLimit) */
    public Request<T, R> limit(RateLimit limit) {
        return new Request<>(contract.limit(limit), reply);
    }

    /** @see Event#permission(String) */
    public Request<T, R> permission(String permission) {
        return new Request<>(contract.permission(permission), reply);
    }

    /** @see Event#validate(Event.Validator) */
    public Request<T, R> validate(Event.Validator<? super T> validator) {
        return new Request<>(contract.validate(validator), reply);
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

    @Override
    public String toString() {
        return contract.name();
    }
}
