package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import org.jspecify.annotations.Nullable;

/** Reads what nodes write to each other into the log of a namespace. */
@FunctionalInterface
public interface NoteReader {

    /**
     * Takes note, in the fan-out's turn.
     *
     * @return what follows from it for clients, the same on every node; null if nothing does
     */
    @Nullable
    PartedEvent read(Position at, LogEntry.Note note);
}
