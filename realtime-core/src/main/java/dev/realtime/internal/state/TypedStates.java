package dev.realtime.internal.state;

import dev.realtime.RoomKey;
import dev.realtime.internal.options.Range;
import dev.realtime.state.SharedState;
import dev.realtime.state.States;
import java.util.Objects;

/** The states of one contract. Immutable. */
final class TypedStates<T> implements States<T> {
    private static final int LONGEST_KEY = 240; // with the rest the name of a room that other servers take

    private final StateForms<T> forms;
    private final NamespaceStates namespace;

    TypedStates(StateForms<T> forms, NamespaceStates namespace) {
        this.forms = forms;
        this.namespace = namespace;
    }

    StateForms<T> forms() {
        return forms;
    }

    @Override
    public SharedState<T> of(RoomKey room) {
        return of(Objects.requireNonNull(room, "room").toString());
    }

    @Override
    public SharedState<T> of(String name) {
        Range.wellFormed("name", name);
        if (name.isEmpty() || name.length() > LONGEST_KEY) {
            throw new IllegalArgumentException(
                    "the name of a state has 1 to " + LONGEST_KEY + " characters, but has " + name.length());
        }
        return new TypedState<>(name, forms, namespace);
    }
}
