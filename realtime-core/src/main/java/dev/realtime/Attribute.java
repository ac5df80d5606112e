package dev.realtime;

import dev.realtime.internal.options.Range;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * A typed key for something that a session remembers.
 *
 * <pre>{@code
 * static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
 * static final Attribute<List<String>> BAG = Attribute.recorded("bag", new TypeToken<List<String>>() {});
 * }</pre>
 *
 * <pre>{@code
 * session.set(TEAM, "red");
 * String team = session.get(TEAM); // null in a session that never had one
 * }</pre>
 *
 * <p>A recorded attribute travels with the session to another node, so its type needs a JSON form, and others see it in {@link SessionView#get}. A local
 * one stays on this node and ends with the session's stay on it. Immutable and thread-safe.
 *
 * @param <T> the value's type
 */
@SuppressWarnings("UnusedTypeParameter") // it is what a session's get and set agree on
public final class Attribute<T> {
    private final String name;
    private final Type type;
    private final boolean recorded;

    private Attribute(String name, Type type, boolean recorded) {
        this.name = Range.wellFormed("name", name);
        this.type = type;
        this.recorded = recorded;
    }

    /** Returns an attribute that is part of the session record. */
    public static <T> Attribute<T> recorded(String name, Class<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type, true);
    }

    /** Returns an attribute of a generic type that is part of the session record. */
    public static <T> Attribute<T> recorded(String name, TypeToken<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type.type(), true);
    }

    /** Returns an attribute that stays in this process. */
    public static <T> Attribute<T> local(String name, Class<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type, false);
    }

    /** Returns an attribute of a generic type that stays in this process. */
    public static <T> Attribute<T> local(String name, TypeToken<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type.type(), false);
    }

    /** Returns the name: what the value stands under in the session record. */
    public String name() {
        return name;
    }

    /** Returns the type of the value, with its type arguments. */
    public Type type() {
        return type;
    }

    /** Returns whether it is part of the session record, and travels with the session to other nodes. */
    public boolean isRecorded() {
        return recorded;
    }

    @Override
    public String toString() {
        return name;
    }
}
