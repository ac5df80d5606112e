package dev.realtime.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a response body as fast as the client takes it, without a thread that waits for it. In slices, so that the container
 * buffers one of them and not the whole.
 */
final class ReplyWriter implements WriteListener {
    private static final Logger log = LoggerFactory.getLogger(ReplyWriter.class);
    private static final int SLICE = 32 * 1_024;

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final byte[] body;
    private int written;

    ReplyWriter(AsyncContext async, ServletOutputStream out, byte[] body) {
        this.async = async;
        this.out = out;
        this.body = body;
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
    }

    @Override
    public void onError(Throwable cause) {
        log.debug("the client went away before it had its reply", cause);
        async.complete();
    }
}
