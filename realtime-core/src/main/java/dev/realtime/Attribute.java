package dev.realtime;

import java.util.Objects;

/**
 * A typed key for something a session remembers. A recorded attribute travels with the session to another node, so its type needs a
 * JSON form; a local one stays on this node and ends with the session's stay on it.
 *
 * @param <T> the value's type
 */
public final class Attribute<T> {
    private final String name;
    private final Class<T> type;
    private final boolean recorded;

    private Attribute(String name, Class<T> type, boolean recorded) {
        this.name = name;
        this.type = type;
        this.recorded = recorded;
    }

    /** An attribute that is part of the session record. */
    public static <T> Attribute<T> recorded(String name, Class<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type, true);
    }

    /** An attribute that stays in this process. */
    public static <T> Attribute<T> local(String name, Class<T> type) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        return new Attribute<>(name, type, false);
    }

    public String name() {
        return name;
    }

    public Class<T> type() {
        return type;
    }

    public boolean isRecorded() {
        return recorded;
    }

    @Override
    public String toString() {
        return name;
    }
}
