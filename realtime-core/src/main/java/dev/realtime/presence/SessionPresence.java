package dev.realtime.presence;

import dev.realtime.Attribute;
import dev.realtime.RoomKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A session as all nodes see it. Immutable. */
public interface SessionPresence {

    /** Returns the id of the session. */
    String id();

    /** Returns the node that has it. */
    String node();

    /** Returns in which state it is. */
    Status status();

    /** Returns since when it is away, by the clock of its node; empty if it is not. */
    Optional<Instant> awaySince();

    /** Returns the rooms that it is in, as far as they are of the {@linkplain PresenceOptions#rooms kinds that have presence}. */
    Set<RoomKey> rooms();

    /**
     * Returns an attribute of the session; empty if it has none, or is not {@linkplain PresenceOptions#show shown}.
     *
     * @throws IllegalStateException if what it has is of another type
     */
    <T> Optional<T> get(Attribute<T> attribute);
}
