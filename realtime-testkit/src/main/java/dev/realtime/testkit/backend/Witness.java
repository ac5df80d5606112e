package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.SessionRecord;

/** Sees what happens at the backend, at the moment it happens. Called under its lock: writes things down and returns. */
public interface Witness {

    /** An entry has got its place. */
    default void appended(String namespace, Position position, LogEntry entry) {}

    /** A record was written. */
    default void saved(SessionRecord session) {}

    /** A record was claimed; it names the new owner. */
    default void claimed(SessionRecord session) {}

    /** A record was removed by its owner. */
    default void removed(SessionRecord session) {}

    /** The backend has lost a record. */
    default void lost(SessionRecord session) {}

    /**
     * The backend has lost the latest change of a record.
     *
     * @param session what it was changed to
     * @param before what it is again
     */
    default void wentBack(SessionRecord session, SessionRecord before) {}

    /** The latest changes are gone; {@code tail} is what is left of a log. */
    default void failedOver(String namespace, Position tail) {}
}
