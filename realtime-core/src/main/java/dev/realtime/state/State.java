package dev.realtime.state;

import dev.realtime.Event;
import dev.realtime.TypeToken;
import dev.realtime.internal.options.Range;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The contract of shared states: what they are called, of what type their values are, and how clients are told of them. Made once and kept in a constant, like an
 * {@link Event}.
 *
 * <pre>{@code
 * record Board(List<String> moves) {}
 * record BoardShown(String gameId, Board gameState, long version, String updatedBy, long timestamp) {}
 *
 * static final State<Board> BOARD = State.of("game", Board.class)
 *         .timeToLive(Duration.ofHours(1))
 *         .updates(Event.of("game:state-update", BoardShown.class), change -> new BoardShown(
 *                 change.id(), change.current().value(), change.current().version(), …));
 *
 * game.state(BOARD);
 * }</pre>
 *
 * <h2>What clients see</h2>
 *
 * <p>A session that {@linkplain SharedState#watch watches} a state gets events. By default, for a contract called {@code game}:
 *
 * <ul>
 *   <li>{@code game:state-restored} {@code {id, state, version}}: the snapshot with which it begins
 *   <li>{@code game:state-update} {@code {id, state, version, updatedBy, timestamp}}: each later version, in order; {@code state} is null if it was removed
 *   <li>{@code game:conflict-resolved} {@code {id, resolvedState, conflictedStates, version, timestamp}}: copies were in conflict, of which there were so many
 * </ul>
 *
 * <p>Times are milliseconds since the epoch. All nodes that serve a namespace should have the same contracts, since any of them may announce a change for another one that has died.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <T> the value, of JSON form without binary parts
 */
public final class State<T> {
    /** The most bytes that a value may have, as JSON. */
    public static final int MAX_BYTES = 12_288;

    private final String name;
    private final Type type;
    private final Duration timeToLive;
    private final int maxBytes;
    private final Form<StateChange<T>, ?> updates;
    private final Form<StateChange<T>, ?> snapshots;
    private final Form<StateResolution<T>, ?> resolutions;
    private final Optional<StateAuthority<T>> authority;

    /**
     * How clients are told of something: an event and what makes its payload.
     *
     * @param <S> what they are told of
     * @param <E> the payload
     */
    public record Form<S, E>(Event<E> event, Function<? super S, ? extends E> payload) {
        public Form {
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(payload, "payload");
        }
    }

    private State(
            String name,
            Type type,
            Duration timeToLive,
            int maxBytes,
            Form<StateChange<T>, ?> updates,
            Form<StateChange<T>, ?> snapshots,
            Form<StateResolution<T>, ?> resolutions,
            Optional<StateAuthority<T>> authority) {
        this.name = name;
        this.type = type;
        this.timeToLive = timeToLive;
        this.maxBytes = maxBytes;
        this.updates = updates;
        this.snapshots = snapshots;
        this.resolutions = resolutions;
        this.authority = authority;
    }

    /**
     * Returns a contract.
     *
     * @param name 1 to 32 lower-case letters, digits, {@code -} and {@code _}; with it the names of the events begin
     * @throws IllegalArgumentException if the name is none
     */
    public static <T> State<T> of(String name, Class<T> type) {
        return of(name, (Type) Objects.requireNonNull(type, "type"));
    }

    /** Returns a contract of a generic type, such as a list. */
    public static <T> State<T> of(String name, TypeToken<T> type) {
        return of(name, Objects.requireNonNull(type, "type").type());
    }

    private static <T> State<T> of(String name, Type type) {
        Objects.requireNonNull(name, "name");
        Range.check(
                name.matches("[a-z0-9_-]{1,32}"),
                "the name of a state",
                "1 to 32 lower-case letters, digits, '-' and '_'",
                "'" + name + "'");
        return new State<>(
                name,
                type,
                Duration.ofHours(1),
                MAX_BYTES,
                new Form<StateChange<T>, Object>(Event.of(name + ":state-update", Object.class), State::update),
                new Form<StateChange<T>, Object>(Event.of(name + ":state-restored", Object.class), State::snapshot),
                new Form<StateResolution<T>, Object>(
                        Event.of(name + ":conflict-resolved", Object.class), State::resolution),
                Optional.empty());
    }

    private static Map<String, Object> snapshot(StateChange<?> change) {
        Map<String, Object> members = new LinkedHashMap<>(); // keeps the order, and null
        members.put("id", change.id());
        members.put("state", change.current().value());
        members.put("version", change.current().version());
        return members;
    }

    private static Map<String, Object> update(StateChange<?> change) {
        Map<String, Object> members = snapshot(change);
        members.put("updatedBy", change.current().updatedBy());
        members.put("timestamp", change.current().updatedAt().toEpochMilli());
        return members;
    }

    private static Map<String, Object> resolution(StateResolution<?> resolution) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", resolution.id());
        members.put("resolvedState", resolution.resolved().value());
        members.put("conflictedStates", resolution.conflictedStates());
        members.put("version", resolution.resolved().version());
        members.put("timestamp", resolution.resolved().updatedAt().toEpochMilli());
        return members;
    }

    /** Returns the contract's name. */
    public String name() {
        return name;
    }

    /** Returns the type of the values. */
    public Type type() {
        return type;
    }

    /** Returns how long a state is kept after it was written or looked after last. */
    public Duration timeToLive() {
        return timeToLive;
    }

    /**
     * Sets how long a state is kept after it was written last. One that sessions watch does not run out: their nodes see to that.
     *
     * @param value from one minute to 365 days; default 3,600 seconds
     * @throws IllegalArgumentException if the value is out of range
     */
    public State<T> timeToLive(Duration value) {
        Objects.requireNonNull(value, "timeToLive");
        return new State<>(
                name,
                type,
                Range.between(Duration.ofMinutes(1), Duration.ofDays(365), "State.timeToLive", value),
                maxBytes,
                updates,
                snapshots,
                resolutions,
                authority);
    }

    /** Returns how many bytes a value may have, as JSON. */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Sets how many bytes a value may have, as JSON: what is larger is not written.
     *
     * @param value from 2 to {@value #MAX_BYTES}, which is the default
     * @throws IllegalArgumentException if the value is out of range
     */
    public State<T> maxBytes(int value) {
        return new State<>(
                name,
                type,
                timeToLive,
                Range.between(2, MAX_BYTES, "State.maxBytes", value),
                updates,
                snapshots,
                resolutions,
                authority);
    }

    /** Returns how clients are told of a new version. */
    public Form<StateChange<T>, ?> updates() {
        return updates;
    }

    /**
     * Sets how clients are told of a new version.
     *
     * @param payload makes the payload, on any node and perhaps more than once: it must depend on what it is given alone
     */
    public <E> State<T> updates(Event<E> event, Function<? super StateChange<T>, ? extends E> payload) {
        return new State<>(
                name, type, timeToLive, maxBytes, new Form<>(event, payload), snapshots, resolutions, authority);
    }

    /** Returns how clients are told how things are. */
    public Form<StateChange<T>, ?> snapshots() {
        return snapshots;
    }

    /**
     * Sets how a client that begins to watch is told how things are.
     *
     * @param payload makes the payload, on any node and perhaps more than once: it must depend on what it is given alone
     */
    public <E> State<T> snapshots(Event<E> event, Function<? super StateChange<T>, ? extends E> payload) {
        return new State<>(
                name, type, timeToLive, maxBytes, updates, new Form<>(event, payload), resolutions, authority);
    }

    /** Returns how clients are told that a conflict was resolved. */
    public Form<StateResolution<T>, ?> resolutions() {
        return resolutions;
    }

    /**
     * Sets how clients are told that a conflict was resolved.
     *
     * @param payload makes the payload, on any node and perhaps more than once: it must depend on what it is given alone
     */
    public <E> State<T> resolutions(Event<E> event, Function<? super StateResolution<T>, ? extends E> payload) {
        return new State<>(name, type, timeToLive, maxBytes, updates, snapshots, new Form<>(event, payload), authority);
    }

    /** Returns who decides about copies in conflict, if anybody does. */
    public Optional<StateAuthority<T>> authority() {
        return authority;
    }

    /** Sets who decides about copies in conflict, before the rule of {@link SharedState#resolve}. Default: nobody. */
    public State<T> authority(StateAuthority<T> value) {
        return new State<>(
                name,
                type,
                timeToLive,
                maxBytes,
                updates,
                snapshots,
                resolutions,
                Optional.of(Objects.requireNonNull(value, "authority")));
    }

    @Override
    public String toString() {
        return name;
    }
}
