package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.wire.StreamFields;
import dev.realtime.spi.LogEntry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An entry on its way into the stream.
 *
 * @param number how manieth of this writer; orders what one thread appends
 * @param since when it waits, on the monotonic clock in nanoseconds
 * @param once null unless the entry has an id; then the stage only says that it is over
 */
record Append(
        long number,
        long since,
        NamespaceFeed feed,
        LogEntry entry,
        StreamFields fields,
        @Nullable OnceAppend once,
        CompletableFuture<Position> stage) {

    int size() {
        return 128 + fields.data().length + (once == null ? 0 : once.size());
    }
}
