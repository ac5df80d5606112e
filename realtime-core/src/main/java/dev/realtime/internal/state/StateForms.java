package dev.realtime.internal.state;

import dev.realtime.Event;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.session.Envelopes;
import dev.realtime.internal.session.Payloads;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import dev.realtime.state.State;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import dev.realtime.state.StateResolution;
import dev.realtime.state.StateValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The forms of one contract's states: as JSON in the store, as values of the application, and as entries of the log. Thread-safe. */
final class StateForms<T> {
    private final State<T> contract;
    private final JsonCodec codec;
    private final Payloads payloads;
    private final boolean noted;
    private final Consumer<Throwable> unmade;

    /**
     * @param noted whether nodes are to be told of changes, and not clients only
     * @param unmade told of each event whose payload could not be made: nobody gets it
     */
    StateForms(State<T> contract, JsonCodec codec, Payloads payloads, boolean noted, Consumer<Throwable> unmade) {
        this.unmade = unmade;
        this.contract = contract;
        this.codec = codec;
        this.payloads = payloads;
        this.noted = noted;
    }

    State<T> contract() {
        return contract;
    }

    /**
     * The room of those who watch. Each epoch has its own: sessions end with their epoch, and what was written in an earlier one may come into the log so late that it would be behind what sessions
     * know that have begun since.
     */
    String watchers(String key, String epoch) {
        return NamedRooms.STATE + contract.name() + ":" + String.format("%08x", epoch.hashCode()) + ":" + key;
    }

    /** The name of the contract, and the state, whose room of watchers this is. */
    static List<String> watched(String room) {
        String[] parts = room.substring(NamedRooms.STATE.length()).split(":", 3);
        return parts.length == 3 ? List.of(parts[0], parts[2]) : List.of("", "");
    }

    /** @throws IllegalArgumentException if the value cannot be kept */
    String json(T value) {
        EventData data = codec.encode(null, List.of(Objects.requireNonNull(value, "value")));
        if (!data.attachments().isEmpty()) {
            throw new IllegalArgumentException("a state has no binary parts, but a value of '" + contract + "' has");
        }
        int bytes = data.json().length - 2; // it is the only one of an array
        if (bytes > contract.maxBytes()) {
            throw new IllegalArgumentException("a value of state '" + contract + "' has " + bytes
                    + " bytes of JSON, and may have " + contract.maxBytes() + " (State.maxBytes)");
        }
        return new String(data.json(), 1, bytes, StandardCharsets.UTF_8);
    }

    StateValue<T> value(Stored stored) {
        StateText text = stored.text();
        return text == null
                ? new StateValue<>(0, null, "", Instant.EPOCH)
                : value(stored.version(), text.json(), text.by(), text.updatedAt());
    }

    StateValue<T> value(StateNote note) {
        return value(note.version(), note.json(), note.by(), note.updatedAt());
    }

    private StateValue<T> value(long version, @Nullable String json, String by, long updatedAt) {
        return new StateValue<>(version, json == null ? null : read(json), by, Instant.ofEpochMilli(updatedAt));
    }

    @SuppressWarnings("unchecked") // the codec was asked for this type
    private T read(String json) {
        try {
            return (T) Objects.requireNonNull(codec.decodeOwn(json, contract.type()));
        } catch (RuntimeException | Error e) { // also of the type's own code
            throw new StateFailedException(
                    Reason.UNREADABLE, "what is stored of state '" + contract + "' is not of " + contract.type(), e);
        }
    }

    /** What the log has to say of a write: the same on every node. */
    List<Announcement> announcements(String key, Stored stored) {
        StateText text = Objects.requireNonNull(stored.text());
        Untold untold = text.untold();
        List<Announcement> all = new ArrayList<>();
        StateValue<T> value = readable(stored);
        String watchers = watchers(key, text.epoch());
        Target target = new Target(Set.of(watchers), Set.of(), null);
        Instant at = Instant.ofEpochMilli(text.writtenAt());
        if (untold.change()) {
            if (value != null) {
                emit("change", target, contract.updates(), new StateChange<>(key, value), at, all);
            }
            if (noted) {
                StateNote note =
                        new StateNote(contract.name(), key, stored.version(), text.updatedAt(), text.by(), text.json());
                all.add(new Announcement("note", note.note()));
            }
        }
        if (value != null && untold.conflicts() > 0) {
            StateResolution<T> resolution = new StateResolution<>(key, value, untold.conflicts());
            emit("resolved", target, contract.resolutions(), resolution, at, all);
        }
        if (!untold.watchers().isEmpty()) {
            Target newcomers = new Target(new LinkedHashSet<>(untold.watchers()), Set.of(), null);
            if (value != null && value.isPresent()) {
                emit("snapshot", newcomers, contract.snapshots(), new StateChange<>(key, value), at, all);
            }
            all.add(new Announcement("watch", new LogEntry.Join(newcomers, Set.of(watchers))));
        }
        return all;
    }

    /** Null if it is not of the contract's type: no client can be told what it is. */
    private @Nullable StateValue<T> readable(Stored stored) {
        try {
            return value(stored);
        } catch (StateFailedException e) {
            unmade.accept(e);
            return null;
        }
    }

    /**
     * A state must not stand still for ever because an application cannot say what it is.
     *
     * @param at what is stamped on the event
     */
    private <S, E> void emit(
            String part, Target target, State.Form<S, E> form, S told, Instant at, List<Announcement> all) {
        try {
            Event.Contract<E> event = form.event().contract();
            EventData data = new Envelopes(payloads, () -> at)
                    .event(event, form.payload().apply(told), null);
            all.add(new Announcement(part, new LogEntry.Emit(target, data, EventTerms.of(event, Map.of()))));
        } catch (RuntimeException | Error e) {
            unmade.accept(e);
        }
    }
}
