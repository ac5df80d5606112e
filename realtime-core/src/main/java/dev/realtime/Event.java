package dev.realtime;

import dev.realtime.internal.options.Range;
import dev.realtime.limits.RateLimit;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A typed contract: an event's name, the record it carries, and its policy. Immutable; make one constant of each and share it.
 *
 * @param <T> the payload; {@link Void} for none
 */
public final class Event<T> {
    private final Contract<T> contract;

    private Event(Contract<T> contract) {
        this.contract = contract;
    }

    /** An event with one argument. */
    public static <T> Event<T> of(String name, Class<T> payload) {
        return new Event<>(Contract.of(name, payload, PayloadShape.SINGLE));
    }

    /** An event without arguments. */
    public static Event<Void> of(String name) {
        return new Event<>(Contract.of(name, Void.class, PayloadShape.NONE));
    }

    /** An event whose arguments are the components of a record: {@code record Move(int x, int y)} is {@code emit("move", x, y)}. */
    public static <T extends Record> Event<T> ofArguments(String name, Class<T> arguments) {
        return new Event<>(Contract.of(name, arguments, PayloadShape.ARGUMENTS));
    }

    /** The same event, received at most this often from one user. */
    public Event<T> limit(RateLimit limit) {
        Objects.requireNonNull(limit, "limit");
        return new Event<>(contract.limit(limit));
    }

    /** The same event, received only from principals with this permission. */
    public Event<T> permission(String permission) {
        Objects.requireNonNull(permission, "permission");
        return new Event<>(contract.permission(permission));
    }

    /** The same event, received only with payloads that this accepts; an {@link IllegalArgumentException}'s message is shown to the client. */
    public Event<T> validate(Validator<? super T> validator) {
        Objects.requireNonNull(validator, "validator");
        return new Event<>(contract.validate(validator));
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

    /**
     * What events and requests have in common.
     *
     * @param permission null for none
     * @param limit null for none
     * @param validator null for none
     */
    public record Contract<T>(
            String name,
            Class<T> payload,
            PayloadShape shape,
            @Nullable String permission,
            @Nullable RateLimit limit,
            @Nullable Validator<? super T> validator) {

        private static final String ENGINE_PREFIX = "realtime:";

        /** Names that the client library keeps for itself. */
        private static final Set<String> RESERVED =
                Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

        static <T> Contract<T> of(String name, Class<T> payload, PayloadShape shape) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(payload, "payload");
            if (name.isEmpty() || name.length() > 128 || RESERVED.contains(name)) {
                throw new IllegalArgumentException("an event's name has 1 to 128 characters and is none of " + RESERVED
                        + ", but is '" + name + "'");
            }
            Range.check(
                    !name.startsWith(ENGINE_PREFIX),
                    "an event's name",
                    "free of the prefix '" + ENGINE_PREFIX + "', which is the engine's own",
                    "'" + name + "'");
            return new Contract<>(name, payload, shape, null, null, null);
        }

        Contract<T> limit(RateLimit rate) {
            return new Contract<>(name, payload, shape, permission, rate, validator);
        }

        Contract<T> permission(String needed) {
            return new Contract<>(name, payload, shape, needed, limit, validator);
        }

        Contract<T> validate(Validator<? super T> check) {
            return new Contract<>(name, payload, shape, permission, limit, check);
        }
    }
}
