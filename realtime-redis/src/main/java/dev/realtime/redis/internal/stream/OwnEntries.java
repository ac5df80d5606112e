package dev.realtime.redis.internal.stream;

import dev.realtime.spi.LogEntry;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What this node has written to a stream and will soon read there: it need not be decoded again. Bounded; who is not found here is
 * decoded like any other.
 */
final class OwnEntries {
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

    /** Null when it is another's, or no longer known. Entries of one writer stand in the stream in the order of their numbers. */
    @Nullable
    LogEntry read(@Nullable String number) {
        if (number == null || !number.startsWith(prefix)) {
            return null;
        }
        long wanted;
        try {
            wanted = Long.parseLong(number, prefix.length(), number.length(), 10);
        } catch (NumberFormatException e) {
            return null;
        }
        synchronized (this) {
            Own first;
            while ((first = written.peekFirst()) != null && first.number < wanted) {
                written.removeFirst(); // it never came into the stream
            }
            if (first == null || first.number != wanted) {
                return null;
            }
            written.removeFirst();
            return first.entry;
        }
    }
}
