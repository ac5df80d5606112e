package dev.realtime.state;

/**
 * A state has a new version.
 *
 * @param key the name of the state, or its room as {@code kind:name}
 * @param current the new version; without a value if the state was removed
 */
public record StateChange<T>(String key, StateValue<T> current) {

    /** Returns the key without a kind of room: {@code g7} for {@code game:g7}. */
    public String id() {
        return key.substring(key.indexOf(':') + 1);
    }
}
