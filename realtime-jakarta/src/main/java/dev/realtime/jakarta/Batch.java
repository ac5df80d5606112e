package dev.realtime.jakarta;

import dev.realtime.spi.Connection.WriteListener;
import dev.realtime.spi.Frame;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way: the frames leave one after another, each when the container reports the one before it as sent. The
 * portable API can neither write several messages at once nor survive overlapping sends (Tomcat throws), so this is as much of a
 * batch as it allows.
 *
 * <p>Containers may complete a send within the call that started it; {@link #pump} turns what would be a recursion of a
 * thousand frames into a loop.
 */
final class Batch implements SendHandler {
    private enum Phase {
        STARTING,
        LATER,
        DONE
    }

    private final RemoteEndpoint.Async remote;
    private final Frame[] frames;
    private final WriteListener listener;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private volatile @Nullable Throwable failure;
    private int next;

    /** @param frames copied: the caller's list is valid only during its call */
    Batch(RemoteEndpoint.Async remote, List<Frame> frames, WriteListener listener) {
        this.remote = remote;
        this.frames = frames.toArray(Frame[]::new);
        this.listener = listener;
    }

    /** Starts sending; true when it has ended, well or not, before this call returned, so that the listener is not called. */
    boolean start() {
        pump();
        return !phase.compareAndSet(Phase.STARTING, Phase.LATER);
    }

    /** Why the batch failed, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Ends the batch if it has not ended; the container's own result, should it still come, is ignored. */
    void abandon(Throwable cause) {
        settle(cause);
    }

    @Override
    public void onResult(SendResult result) {
        if (result.isOK()) {
            pump();
        } else {
            Throwable cause = result.getException();
            settle(cause == null ? new IOException("send failed") : cause);
        }
    }

    private void pump() {
        if (turns.getAndIncrement() == 0) {
            do {
                step();
            } while (turns.decrementAndGet() != 0);
        }
    }

    private void step() {
        if (settled.get()) {
            return;
        }
        if (next == frames.length) {
            settle(null);
            return;
        }
        Frame frame = frames[next++];
        try {
            if (frame.isBinary()) {
                remote.sendBinary(ByteBuffer.wrap(frame.bytes()).asReadOnlyBuffer(), this);
            } else {
                remote.sendText(frame.cached(false, String.class, Batch::decoded), this);
            }
        } catch (RuntimeException refused) {
            // containers say so when the session has been closed meanwhile
            settle(refused);
        }
    }

    private void settle(@Nullable Throwable cause) {
        if (settled.compareAndSet(false, true)) {
            failure = cause;
            if (phase.getAndSet(Phase.DONE) == Phase.LATER) {
                if (cause == null) {
                    listener.written();
                } else {
                    listener.failed(cause);
                }
            }
        }
    }

    /** Made once per frame, then shared by all recipients. */
    private static String decoded(Frame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }
}
