package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.spi.Log.Once;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import redis.clients.jedis.Protocol;

/**
 * Reads what has been in a stream for a while, in pages of about {@value #PAGE_BYTES} bytes: Redis makes the whole of a reply before it does
 * anything else, for whichever node.
 */
final class StreamHistory {
    private static final int PAGE = 500;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int FIRST_PAGE = 16;
    private static final int GROWTH = 4;

    private final Commands commands;
    private final String stream;
    private volatile int entries = FIRST_PAGE; // of the next page
    private volatile Position forgotten = Position.START; // what lies before it is not all there any more
    private CompletionStage<?> turn = CompletableFuture.completedFuture(null); // guarded by this

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

    StreamHistory(Commands commands, String stream) {
        this.commands = commands;
        this.stream = stream;
    }

    /**
     * What lies behind a position, for one of many who may ask at once: one page is read at a time, and none where it is known that something
     * is missing.
     */
    synchronized CompletionStage<Page> pageInTurn(Position after, Position through) {
        CompletionStage<Page> page = turn.thenCompose(before -> after.isBefore(forgotten)
                ? CompletableFuture.completedFuture(new Page(List.of(), after, true, true, false))
                : page(after, through));
        turn = page.handle((read, failure) -> null);
        return page;
    }

    /** What lies behind a position. Whether it is all there is asked after it has been read: what is forgotten later is not missed. */
    CompletionStage<Page> page(Position after, Position through) {
        String end = through.equals(Position.END) ? "+" : through.toString();
        int most = entries;
        CompletionStage<List<RawEntry>> range = commands.send(
                        stream, Protocol.Command.XRANGE, stream, "(" + after, end, "COUNT", most)
                .thenApply(RawEntry::list);
        CompletionStage<StreamInfo> info = StreamInfo.ask(commands, stream, after);
        return range.thenCombine(info, (found, state) -> {
            adapt(found, most);
            Position first = state.first();
            if (state.trimmed() && first != null) {
                forgotten = Position.max(forgotten, first);
            }
            boolean complete = found.size() < most;
            Position reached =
                    found.isEmpty() ? after : found.get(found.size() - 1).position();
            return new Page(found, reached, complete, state.forgot(after), state.isFirst(after));
        });
    }

    private void adapt(List<RawEntry> found, int most) {
        if (!found.isEmpty()) {
            long mean = found.stream().mapToLong(RawEntry::size).sum() / found.size();
            entries = (int) Math.max(1, Math.min(Math.min(PAGE, GROWTH * most), PAGE_BYTES / mean));
        }
    }

    /** Sees to it that nothing comes into the stream under an id; says what has. */
    CompletionStage<Once> forbid(String namespace, String id, Duration remembered) {
        OnceAppend once = new OnceAppend(id, remembered);
        return commands.run(OnceAppend.SCRIPT, List.of(stream, once.key(stream, namespace)), "", once.remembered())
                .thenApply(OnceAppend::read);
    }

    /** The last id of the stream, as Redis knows it. */
    CompletionStage<Position> latest() {
        return StreamInfo.ask(commands, stream, Position.START).thenApply(StreamInfo::last);
    }
}
