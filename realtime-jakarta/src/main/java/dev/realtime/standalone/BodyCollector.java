package dev.realtime.standalone;

import dev.realtime.spi.HttpExchange.BodyTooLargeException;
import dev.realtime.spi.InboundBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Collects a request body up to a limit, on the node's account of what is arriving. Room for a body that says its length is taken as a whole
 * with its first bytes: were it taken bit by bit, many bodies together could hold all the room and none ever be complete. Selector thread
 * only.
 */
final class BodyCollector implements BodyDecoder.Sink {
    private final int limit;
    private final long announced;
    private final InboundBudget budget;
    private final CompletableFuture<byte[]> whole;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long taken;
    private boolean waits;
    private boolean hasWaited; // so that it is not the client's fault when the time is over

    /** @param announced the body's length, zero when the request does not say */
    BodyCollector(int limit, long announced, InboundBudget budget, CompletableFuture<byte[]> whole) {
        this.limit = limit;
        this.announced = announced;
        this.budget = budget;
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
        long more = Math.max(size, announced) - InboundBudget.FREE - taken;
        if (more > 0) {
            if (!budget.take(InboundBudget.Use.ARRIVING, more)) {
                waits = true;
                hasWaited = true;
                return false;
            }
            taken += more;
        }
        bytes.write(from, at, length);
        return true;
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
        budget.give(InboundBudget.Use.ARRIVING, taken);
        taken = 0;
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
