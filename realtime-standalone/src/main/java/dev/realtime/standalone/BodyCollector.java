package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import dev.realtime.spi.InboundBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request body up to a limit, on the node's account of what is arriving. Room is taken as a whole, for as much as a body says that
 * it has, or for the limit once one that does not say holds more than the free bytes: were it taken bit by bit, many bodies together could hold
 * all the room and none ever be complete. Selector thread only.
 */
final class BodyCollector implements BodyDecoder.Sink {
    private final int limit;
    private final long announced;
    private final InboundBudget.@Nullable Share room;
    private final CompletableFuture<byte[]> whole;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean waits;
    private boolean hasWaited; // so that it is not the client's fault when the time is over

    /**
     * @param announced the body's length, zero when the request does not say
     * @param room where it is counted; null if somebody has done that already
     */
    BodyCollector(int limit, long announced, InboundBudget.@Nullable Share room, CompletableFuture<byte[]> whole) {
        this.limit = limit;
        this.announced = announced;
        this.room = room;
        this.whole = whole;
    }

    boolean isOpen() {
        return !whole.isDone();
    }

    /** Whether the node has no room for what comes next. */
    boolean waits() {
        return waits;
    }

    @Override
    public boolean take(byte[] from, int at, int length) {
        waits = false;
        if (!isOpen()) {
            return true; // thrown away
        }
        long size = (long) bytes.size() + length;
        if (size > limit) {
            fail(new BodyTooLargeException(limit));
            return true;
        }
        if (room != null && !room.hold(whole(size))) {
            waits = true;
            hasWaited = true;
            return false;
        }
        bytes.write(from, at, length);
        return true;
    }

    /** How much there will be, at most, by now. */
    private long whole(long size) {
        if (announced > 0) {
            return Math.max(size, announced);
        }
        return size > InboundBudget.FREE ? limit : size;
    }

    void complete() {
        byte[] all = bytes.toByteArray();
        giveBack();
        whole.complete(all);
    }

    void fail(IOException cause) {
        if (isOpen()) {
            giveBack();
            whole.completeExceptionally(
                    hasWaited && !(cause instanceof BodyTooLargeException) ? new NoRoomException() : cause);
        }
    }

    private void giveBack() {
        if (room != null) {
            room.close();
        }
        bytes = new ByteArrayOutputStream(0);
    }

    /** The node had no room for the body for as long as its client may take. */
    static final class NoRoomException extends IOException {
        private static final long serialVersionUID = 1;

        NoRoomException() {
            super("no room for the body");
        }
    }
}
