package dev.realtime.redis.internal.stream;

import dev.realtime.spi.LogEntry;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What this node has written to a stream and will soon read there: it need not be decoded again. Bounded; who is not found here is
 * decoded like any other.
 */
final class OwnEntries {
    static final long NOT_OURS = -1;
    private static final int MOST = 8_192;

    private final String prefix;
    private final ArrayDeque<Own> written = new ArrayDeque<>(); // guarded by this; by number

    private record Own(long number, LogEntry entry) {}

    /** @param writer whose entries these are */
    OwnEntries(String writer) {
        this.prefix = prefix(writer);
    }

    /** What the field {@link RawEntry#NUMBER} of a writer's entries begins with. */
    static String prefix(String writer) {
        return writer + ".";
    }

    synchronized void writes(long number, LogEntry entry) {
        if (written.size() == MOST) {
            written.removeFirst();
        }
        written.addLast(new Own(number, entry));
    }

    /** The number that an entry of this writer has; {@link #NOT_OURS} for any other. */
    long number(@Nullable String text) {
        if (text == null || !text.startsWith(prefix)) {
            return NOT_OURS;
        }
        try {
            return Math.max(NOT_OURS, Long.parseLong(text, prefix.length(), text.length(), 10));
        } catch (NumberFormatException e) {
            return NOT_OURS;
        }
    }

    /** Null when it is no longer known. Entries of one writer stand in the stream in the order of their numbers. */
    synchronized @Nullable LogEntry read(long number) {
        if (number == NOT_OURS) {
            return null;
        }
        Own first;
        while ((first = written.peekFirst()) != null && first.number < number) {
            written.removeFirst(); // it never came into the stream
        }
        if (first == null || first.number != number) {
            return null;
        }
        written.removeFirst();
        return first.entry;
    }
}
