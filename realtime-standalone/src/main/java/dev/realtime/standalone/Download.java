package dev.realtime.standalone;

import dev.realtime.spi.BoundedLog;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A body that is read on a worker, piece by piece, each when the client has taken the one before. One piece is in memory. */
final class Download {
    static final int PIECE = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(Download.class);

    private final InputStream in;
    private final long length;
    private final Executor workers;
    private final BoundedLog lines;
    private final String client;
    private long left;

    /** @param client under whose name its lines in the log are counted */
    Download(InputStream in, long length, Executor workers, BoundedLog lines, String client) {
        this.in = in;
        this.length = length;
        this.left = length;
        this.workers = workers;
        this.lines = lines;
        this.client = client;
    }

    long length() {
        return length;
    }

    /**
     * Reads on. One call at a time.
     *
     * @param piece gets the bytes, none when it is over
     * @param failed runs when there is less than was announced
     */
    void next(Consumer<byte[]> piece, Runnable failed) {
        run(
                () -> {
                    byte[] bytes;
                    try {
                        bytes = in.readNBytes((int) Math.min(PIECE, left));
                        if (bytes.length == 0 && left > 0) {
                            throw new IOException("file has become shorter");
                        }
                        left -= bytes.length;
                    } catch (IOException e) {
                        lines.warn(LOG, client, "cannot read a file: {}", e.toString());
                        closeNow();
                        failed.run();
                        return;
                    }
                    if (bytes.length == 0) {
                        closeNow();
                    }
                    piece.accept(bytes);
                },
                failed);
    }

    void close() {
        run(this::closeNow, this::closeNow);
    }

    private void run(Runnable task, Runnable busy) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException e) {
            busy.run();
        }
    }

    private void closeNow() {
        try {
            in.close();
        } catch (IOException e) {
            lines.debug(LOG, client, "cannot close a file: {}", e.toString());
        }
    }
}
