package dev.realtime.redis.internal.stream;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.spi.Position;
import java.util.List;
import java.util.concurrent.CompletionStage;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** Reads what has been in a stream for a while, in pages. */
final class History {
    private static final int PAGE = 500;

    private final Commands commands;
    private final String stream;

    /**
     * A page.
     *
     * @param entries of all namespaces
     * @param through how far it reaches
     * @param complete whether there was nothing further
     * @param gap whether entries before it may have been forgotten
     * @param first whether there was never anything before it
     */
    record Page(List<RawEntry> entries, Position through, boolean complete, boolean gap, boolean first) {}

    History(Commands commands, String stream) {
        this.commands = commands;
        this.stream = stream;
    }

    /** What lies behind a position. Whether it is all there is asked after it has been read: what is forgotten later is not missed. */
    CompletionStage<Page> page(Position after, Position through) {
        String end = through.equals(Position.END) ? "+" : through.toString();
        CompletionStage<List<RawEntry>> range = commands.send(
                        stream, Protocol.Command.XRANGE, stream, "(" + after, end, "COUNT", PAGE)
                .thenApply(RawEntry::list);
        CompletionStage<StreamInfo> info = commands.send(stream, Protocol.Command.XINFO, "STREAM", stream)
                .handle((reply, failure) -> StreamInfo.of(failure == null ? reply : refusal(failure)));
        return range.thenCombine(info, (entries, state) -> {
            boolean complete = entries.size() < PAGE;
            Position reached =
                    entries.isEmpty() ? after : entries.get(entries.size() - 1).position();
            return new Page(entries, reached, complete, state.forgot(after), state.isFirst(after));
        });
    }

    /** The last id of the stream, as Redis knows it. */
    CompletionStage<Position> latest() {
        return commands.send(stream, Protocol.Command.XINFO, "STREAM", stream)
                .handle((reply, failure) -> StreamInfo.of(failure == null ? reply : refusal(failure))
                        .last());
    }

    private static Object refusal(Throwable failure) {
        if (failure instanceof JedisDataException refused) {
            return refused;
        }
        throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
}
