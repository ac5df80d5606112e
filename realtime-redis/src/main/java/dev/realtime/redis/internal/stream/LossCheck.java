package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import java.util.concurrent.CompletionStage;

/**
 * Compares a stream with what this node has read of it or had acknowledged: that must still be there, or have been forgotten after it
 * was read. If not, a tail was lost.
 */
final class LossCheck {
    private final Commands commands;
    private final Gaps gaps;

    /** @param gaps told what was lost to this node alone, because it was too slow */
    LossCheck(Commands commands, Gaps gaps) {
        this.commands = commands;
        this.gaps = gaps;
    }

    /** Whether something was lost to all nodes, as a new connection sees it. */
    boolean hasLost(RedisStream stream, RedisConnection connection) {
        Position stored = stream.progress().stored();
        return hasLost(stream, stored, StreamInfo.ask(connection, stream.name(), stored));
    }

    /** Whether something was lost to all nodes. */
    CompletionStage<Boolean> hasLost(RedisStream stream) {
        Position stored = stream.progress().stored();
        return StreamInfo.ask(commands, stream.name(), stored).thenApply(info -> hasLost(stream, stored, info));
    }

    private boolean hasLost(RedisStream stream, Position stored, StreamInfo info) {
        if (stored.equals(Position.START) || info.holds()) {
            return false;
        }
        if (!info.exists() || info.last().isBefore(stored)) {
            return true;
        }
        if (info.last().equals(stored)) {
            return false; // it had it, and nothing behind it
        }
        // forgotten as well: all before the first that is left; lost: a hole
        Position first = info.first();
        if (first == null || first.isBefore(stored)) {
            return true;
        }
        if (stream.progress().fallsBehind(first)) {
            gaps.missed("the stream " + stream.name() + " has forgotten what this node had not read");
        }
        return false;
    }
}
