package dev.realtime.jakarta;

import dev.realtime.spi.InboundBudget;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Writes a response body as fast as the client takes it, without a thread that waits for it. In slices, so that the container
 * buffers one of them and not the whole. What the client does not take at once is on the account of the node; where that has no room,
 * the response is broken off.
 */
final class ReplyWriter implements WriteListener {
    private static final int SLICE = 32 * 1_024;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] body;
    private final InboundBudget.Share unread;
    private final Consumer<Throwable> failed;
    private int written;

    /**
     * @param unread of this response; not closed here
     * @param failed told when the client goes away before it has its reply
     */
    ReplyWriter(
            AsyncContext async,
            ServletOutputStream out,
            byte[] body,
            InboundBudget.Share unread,
            Consumer<Throwable> failed) {
        this.async = async;
        this.out = out;
        this.body = body;
        this.unread = unread;
        this.failed = failed;
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (written == body.length) {
                async.complete();
                return;
            }
            int count = Math.min(SLICE, body.length - written);
            int from = written;
            written += count;
            out.write(body, from, count);
        }
        if (!unread.hold(body.length - written)) {
            // thrown, since every container drops the connection of a listener that fails, and none waits for the
            // client then
            throw new IOException("the node has no room for what clients do not read");
        }
    }

    @Override
    public void onError(Throwable cause) {
        failed.accept(cause);
        async.complete();
    }
}
