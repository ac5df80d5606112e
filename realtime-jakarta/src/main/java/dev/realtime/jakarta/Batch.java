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
 * One batch on its way. The portable API can neither write several messages at once nor survive overlapping sends (Tomcat throws), so the frames
 * leave one after another, each when the container reports the one before it as sent.
 *
 * <p>Where a container {@linkplain OverlappingSends queues overlapping sends}, all frames but the first are handed over while the first is on its
 * way, or reported as sent from within its own writing: what has queued up then leaves in one write. Only if all are text: Jetty refuses a binary
 * message while the call that sends a text has not returned, even though that text has been sent.
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
    private final boolean overlapping;
    private final Frame[] frames;
    private final WriteListener listener;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicBoolean restSent = new AtomicBoolean();
    private final AtomicInteger unsent;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private volatile @Nullable Throwable failure;
    private int next;

    /**
     * @param overlapping whether the container takes a send while another is on its way
     * @param frames copied: the caller's list is valid only during its call
     */
    Batch(RemoteEndpoint.Async remote, boolean overlapping, List<Frame> frames, WriteListener listener) {
        this.remote = remote;
        this.overlapping = overlapping && frames.size() > 1 && frames.stream().noneMatch(Frame::isBinary);
        this.frames = frames.toArray(Frame[]::new);
        this.listener = listener;
        // one more for the caller of start, so that the next batch begins when no send of this one is under way
        unsent = new AtomicInteger(this.frames.length + 1);
    }

    /** Starts sending; true when it has ended, well or not, before this call returned, so that the listener is not called. */
    boolean start() {
        if (overlapping) {
            send(frames[0]);
            sendRest();
            sent();
        } else {
            pump();
        }
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
        if (!result.isOK()) {
            Throwable cause = result.getException();
            settle(cause == null ? new IOException("send failed") : cause);
        } else if (overlapping) {
            sendRest();
            sent();
        } else {
            pump();
        }
    }

    private void sent() {
        if (unsent.decrementAndGet() == 0) {
            settle(null);
        }
    }

    /** All frames but the first, in their order: by whoever comes first, the caller of {@link #start} or the container with its report. */
    private void sendRest() {
        if (restSent.compareAndSet(false, true)) {
            for (int i = 1; i < frames.length && !settled.get(); i++) {
                send(frames[i]);
            }
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
        send(frames[next++]);
    }

    private void send(Frame frame) {
        if (settled.get()) {
            return;
        }
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
