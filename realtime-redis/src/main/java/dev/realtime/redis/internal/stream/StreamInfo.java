package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The state of a stream. A script asks for it, because {@code XINFO STREAM} sends the whole first and the whole last entry along, up to
 * two megabytes of them.
 *
 * @param last the greatest id that was ever given
 * @param first the oldest entry; null when there is none
 * @param trimmed whether entries may have been forgotten
 * @param holds whether the entry that was asked about is there
 */
record StreamInfo(boolean exists, Position last, @Nullable Position first, boolean trimmed, boolean holds) {
    private static final Script SCRIPT = Script.load(StreamInfo.class, "info.lua");
    private static final StreamInfo NONE = new StreamInfo(false, Position.START, null, false, false);

    /** Asks for the state of a stream, and whether it holds an entry. */
    static CompletionStage<StreamInfo> ask(Commands commands, String stream, Position entry) {
        return commands.run(SCRIPT, List.of(stream), entry).thenApply(StreamInfo::of);
    }

    /** Asks as {@link #ask(Commands, String, Position)} does, on a connection on which no reply is outstanding. */
    static StreamInfo ask(RedisConnection connection, String stream, Position entry) {
        return of(connection.call(Protocol.Command.EVAL, SCRIPT.text(), 1, stream, entry));
    }

    private static StreamInfo of(@Nullable Object reply) {
        if (reply == null) {
            return NONE;
        }
        if (!(reply instanceof List<?> parts) || parts.size() != 5) {
            throw new JedisException("the script info.lua replied something unexpected");
        }
        Position first = RedisConnection.text(parts.get(1)).isEmpty() ? null : RawEntry.position(parts.get(1));
        long length = (Long) parts.get(2);
        long added = (Long) parts.get(3);
        boolean holds = (Long) parts.get(4) > 0;
        return new StreamInfo(true, RawEntry.position(parts.get(0)), first, added < 0 || added > length, holds);
    }

    /** Whether nothing was ever at this position or before it. */
    boolean isFirst(Position after) {
        return !trimmed && (first == null ? !after.isBefore(last) : first.isAfter(after));
    }

    /** Whether entries behind this position may have been forgotten. */
    boolean forgot(Position after) {
        if (!exists) {
            return after.isAfter(Position.START);
        }
        return trimmed && (first == null ? after.isBefore(last) : after.isBefore(first));
    }
}
