package dev.realtime.presence;

import dev.realtime.Attribute;
import dev.realtime.RoomKind;
import dev.realtime.internal.options.Range;
import dev.realtime.limits.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The options of presence in a namespace. Immutable: start from {@link #DEFAULT}.
 *
 * <pre>{@code
 * game.presence(PresenceOptions.DEFAULT
 *         .rooms(ZONE)
 *         .show(CHARACTER)
 *         .awayAfter(Duration.ofMinutes(5))
 *         .statusEvent("set_status")
 *         .onChange((namespace, change) -> friends.tell(change.userId(), change.online())));
 * }</pre>
 *
 * <p>Presence costs an entry in the namespace's log for each change of a session, and memory on each node for each session of the cluster; docs/presence.md
 * has figures. All nodes that serve the namespace should have the same options.
 */
public final class PresenceOptions {
    /** Users only: no rooms, nothing shown, nobody is ever away by himself, clients cannot say it. */
    public static final PresenceOptions DEFAULT = new PresenceOptions(
            Set.of(),
            List.of(),
            Duration.ofMillis(5),
            Duration.ZERO,
            "",
            RateLimit.perMinute(20).burst(5),
            "presence:snapshot",
            "presence:diff",
            1024,
            64,
            List.of());

    private final Set<RoomKind> rooms;
    private final List<Attribute<?>> shown;
    private final Duration gather;
    private final Duration awayAfter;
    private final String statusEvent;
    private final RateLimit statusLimit;
    private final String snapshotEvent;
    private final String diffEvent;
    private final int maxShownBytes;
    private final int maxWatched;
    private final List<PresenceListener> listeners;

    private PresenceOptions(
            Set<RoomKind> rooms,
            List<Attribute<?>> shown,
            Duration gather,
            Duration awayAfter,
            String statusEvent,
            RateLimit statusLimit,
            String snapshotEvent,
            String diffEvent,
            int maxShownBytes,
            int maxWatched,
            List<PresenceListener> listeners) {
        this.rooms = rooms;
        this.shown = shown;
        this.gather = gather;
        this.awayAfter = awayAfter;
        this.statusEvent = statusEvent;
        this.statusLimit = statusLimit;
        this.snapshotEvent = snapshotEvent;
        this.diffEvent = diffEvent;
        this.maxShownBytes = maxShownBytes;
        this.maxWatched = maxWatched;
        this.listeners = listeners;
    }

    /** Returns the kinds of rooms that have presence. */
    public Set<RoomKind> rooms() {
        return rooms;
    }

    /** Adds kinds of rooms that have presence: their population is known, and they can be watched. Default: none. */
    public PresenceOptions rooms(RoomKind... kinds) {
        Objects.requireNonNull(kinds, "kinds");
        Set<RoomKind> more = new LinkedHashSet<>(rooms);
        more.addAll(List.of(kinds));
        return new PresenceOptions(
                Set.copyOf(more),
                shown,
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns the attributes that are shown. */
    public List<Attribute<?>> shown() {
        return shown;
    }

    /**
     * Adds attributes of sessions that are shown to all nodes, and to clients that watch. Default: none.
     *
     * @throws IllegalArgumentException if one is not {@linkplain Attribute#recorded recorded}
     */
    public PresenceOptions show(Attribute<?>... attributes) {
        Objects.requireNonNull(attributes, "attributes");
        List<Attribute<?>> more = new ArrayList<>(shown);
        for (Attribute<?> attribute : attributes) {
            Range.check(attribute.isRecorded(), "PresenceOptions.show", "a recorded attribute", attribute);
            more.add(attribute);
        }
        return new PresenceOptions(
                rooms,
                List.copyOf(more),
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns how long a node gathers changes. */
    public Duration gather() {
        return gather;
    }

    /**
     * Sets how long a node gathers the changes of its sessions before it writes them into the log as one entry. A longer time saves entries when many
     * clients come at once, and each change is known so much later.
     *
     * @param value up to one second; default 5 ms
     * @throws IllegalArgumentException if the value is out of range
     */
    public PresenceOptions gather(Duration value) {
        Objects.requireNonNull(value, "gather");
        return new PresenceOptions(
                rooms,
                shown,
                Range.between(Duration.ZERO, Duration.ofSeconds(1), "PresenceOptions.gather", value),
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns after which time without an event a client is taken to be away; zero if never. */
    public Duration awayAfter() {
        return awayAfter;
    }

    /**
     * Sets after which time without an event a client is taken to be away. Its next event ends that. It is looked at in steps of a quarter of this time, a
     * second at least.
     *
     * @param value up to one day, or zero for never, which is the default
     * @throws IllegalArgumentException if the value is out of range
     */
    public PresenceOptions awayAfter(Duration value) {
        Objects.requireNonNull(value, "awayAfter");
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                Range.between(Duration.ZERO, Duration.ofDays(1), "PresenceOptions.awayAfter", value),
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns the event by which a client says whether it is away; empty if there is none. */
    public String statusEvent() {
        return statusEvent;
    }

    /**
     * Sets the event by which a client says that it is {@code "away"} or {@code "connected"}, in words as its only argument. It stays away until it says
     * otherwise. How often it may, {@link #statusLimit} says.
     *
     * @param name such as {@code set_status}; empty, the default, for none
     */
    public PresenceOptions statusEvent(String name) {
        Objects.requireNonNull(name, "name");
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                name,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns how often a user may say whether he is away. */
    public RateLimit statusLimit() {
        return statusLimit;
    }

    /**
     * Sets how often a user may say by the {@linkplain #statusEvent status event} whether he is away: each change is an entry in the log, and is told to all who
     * watch him. What is beyond it is refused like any event that has a {@linkplain dev.realtime.Event#limit limit}.
     *
     * @param value default {@code RateLimit.perMinute(20).burst(5)}
     */
    public PresenceOptions statusLimit(RateLimit value) {
        Objects.requireNonNull(value, "statusLimit");
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                statusEvent,
                value,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns the name of the event that shows a watcher how things are. */
    public String snapshotEvent() {
        return snapshotEvent;
    }

    /** Returns the name of the event that shows a watcher what has changed. */
    public String diffEvent() {
        return diffEvent;
    }

    /**
     * Sets the names of the events that watchers get.
     *
     * @param snapshot default {@code presence:snapshot}
     * @param diff default {@code presence:diff}
     */
    public PresenceOptions events(String snapshot, String diff) {
        Objects.requireNonNull(snapshot, "snapshot");
        Objects.requireNonNull(diff, "diff");
        Range.check(!snapshot.isEmpty() && !diff.isEmpty(), "PresenceOptions.events", "two names", snapshot + diff);
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshot,
                diff,
                maxShownBytes,
                maxWatched,
                listeners);
    }

    /** Returns how many bytes of attributes a session may show. */
    public int maxShownBytes() {
        return maxShownBytes;
    }

    /**
     * Sets how many bytes of JSON a session may show of itself. Of a session that has more nothing is shown.
     *
     * @param value from 0 to 16,384; default 1,024
     * @throws IllegalArgumentException if the value is out of range
     */
    public PresenceOptions maxShownBytes(int value) {
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                Range.between(0, 16_384, "PresenceOptions.maxShownBytes", value),
                maxWatched,
                listeners);
    }

    /** Returns how many users and rooms a session may watch. */
    public int maxWatched() {
        return maxWatched;
    }

    /**
     * Sets how many users and rooms a session may watch.
     *
     * @param value from 0 to 4,096; default 64
     * @throws IllegalArgumentException if the value is out of range
     */
    public PresenceOptions maxWatched(int value) {
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                Range.between(0, 4_096, "PresenceOptions.maxWatched", value),
                listeners);
    }

    /** Returns who is told when users come and go. */
    public List<PresenceListener> listeners() {
        return listeners;
    }

    /** Adds a listener that is told when users come online and go offline. Default: none. */
    public PresenceOptions onChange(PresenceListener listener) {
        Objects.requireNonNull(listener, "listener");
        List<PresenceListener> more = new ArrayList<>(listeners);
        more.add(listener);
        return new PresenceOptions(
                rooms,
                shown,
                gather,
                awayAfter,
                statusEvent,
                statusLimit,
                snapshotEvent,
                diffEvent,
                maxShownBytes,
                maxWatched,
                List.copyOf(more));
    }

    @Override
    public String toString() {
        return "PresenceOptions[rooms=" + rooms + ", gather=" + gather + ", awayAfter=" + awayAfter + ", statusEvent="
                + statusEvent + ", statusLimit=" + statusLimit + ", maxShownBytes=" + maxShownBytes + ", maxWatched="
                + maxWatched + "]";
    }
}
