package dev.realtime.state;

/**
 * A conflict between copies of a state was decided.
 *
 * @param key the name of the state, or its room as {@code kind:name}
 * @param resolved what holds now
 * @param conflictedStates how many copies there were, the shared one included
 */
public record StateResolution<T>(String key, StateValue<T> resolved, int conflictedStates) {

    /** Returns the key without a kind of room: {@code g7} for {@code game:g7}. */
    public String id() {
        return key.substring(key.indexOf(':') + 1);
    }
}
