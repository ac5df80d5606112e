package dev.realtime;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Objects;

/**
 * A type with its type arguments, for payloads that no {@link Class} names: lists, maps, generic records. It is captured by an anonymous subclass, whose
 * braces are what keeps the arguments:
 *
 * <pre>{@code
 * static final Event<List<Score>> SCORES = Event.of("scores", new TypeToken<List<Score>>() {});
 * static final Request<Void, Map<String, Integer>> STOCK =
 *         Request.of("stock", TypeToken.of(Void.class), new TypeToken<Map<String, Integer>>() {});
 * }</pre>
 *
 * <p>Immutable and thread-safe. Two tokens of the same type are equal.
 *
 * @param <T> the type
 */
public abstract class TypeToken<T> {
    private final Type type;

    /**
     * Captures the type argument of the subclass.
     *
     * @throws IllegalArgumentException if the subclass names no type, such as {@code new TypeToken<T>() {}} in a generic method, whose {@code T} is known
     *     to the compiler alone
     */
    protected TypeToken() {
        Type parent = getClass().getGenericSuperclass();
        if (!(parent instanceof ParameterizedType named) || named.getRawType() != TypeToken.class) {
            throw new IllegalArgumentException(
                    "a type token is made as 'new TypeToken<List<Score>>() {}', directly and with its type");
        }
        this.type = named.getActualTypeArguments()[0];
        check(type);
    }

    private TypeToken(Type type) {
        this.type = type;
    }

    /** Returns the token of a class. */
    public static <T> TypeToken<T> of(Class<T> type) {
        return new OfClass<>(Objects.requireNonNull(type, "type"));
    }

    private void check(Type part) {
        if (part instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                check(argument);
            }
        } else if (part instanceof GenericArrayType array) {
            check(array.getGenericComponentType());
        } else if (part instanceof WildcardType wildcard) {
            for (Type bound : wildcard.getUpperBounds()) {
                check(bound);
            }
        } else if (!(part instanceof Class<?>)) {
            throw new IllegalArgumentException("a type token names a whole type, but '" + part.getTypeName() + "' in '"
                    + type.getTypeName() + "' is a variable");
        }
    }

    /** Returns the type, as reflection has it. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TypeToken<?> token && token.type.equals(type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    /** Returns the type as it is written in Java, with the packages of its classes. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }

    /** What needs no capturing. */
    private static final class OfClass<T> extends TypeToken<T> {
        OfClass(Class<T> type) {
            super(type);
        }
    }
}
