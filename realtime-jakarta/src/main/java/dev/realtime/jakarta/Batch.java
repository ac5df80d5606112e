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
 * <p>Where a container {@linkplain OverlappingSends queues overlapping sends}, frames are handed over while others are on their way, or from within
 * the report of one, when the container is writing: what has queued up then leaves in one write. The container holds a copy of each, so it gets no
 * more than {@value #WINDOW} bytes at once: what a client does not read stays in frames that are shared.
 *
 * <p>Containers may complete a send within the call that started it; {@link #handOver} turns what would be a recursion of a
 * thousand frames into a loop.
 */
final class Batch implements SendHandler {
    /** What a container may hold of one client, beside one frame that is larger. */
    static final int WINDOW = 65_536;

    private enum Phase {
        STARTING,
        LATER,
        DONE
    }

    private final RemoteEndpoint.Async remote;
    private final int window;
    private final Frame[] frames;
    private final WriteListener listener;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger reported = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger(); // bytes, at least one for each frame
    private final AtomicInteger unsent;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private volatile @Nullable Throwable failure;
    private volatile int next; // to be handed over; whoever has the turn writes it

    /**
     * @param overlapping whether the container takes a send while another is on its way
     * @param frames copied: the caller's list is valid only during its call
     */
    Batch(RemoteEndpoint.Async remote, boolean overlapping, List<Frame> frames, WriteListener listener) {
        this.remote = remote;
        this.window = overlapping ? WINDOW : 0;
        this.frames = frames.toArray(Frame[]::new);
        this.listener = listener;
        // one more for the caller of start, so that the next batch begins when no send of this one is under way
        unsent = new AtomicInteger(this.frames.length + 1);
    }

    /** Starts sending; true when it has ended, well or not, before this call returned, so that the listener is not called. */
    boolean start() {
        if (window > 0) {
            send(); // without the turn, which the report of this frame takes: the others are sent from within it
        }
        handOver();
        sent();
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
            return;
        }
        int index = reported.getAndIncrement(); // in the order in which they were handed over
        if (index < frames.length) {
            underWay.addAndGet(-weight(frames[index]));
            handOver();
            sent();
        }
    }

    private void sent() {
        if (unsent.decrementAndGet() == 0) {
            settle(null);
        }
    }

    private void handOver() {
        if (turns.getAndIncrement() == 0) {
            do {
                while (mayHandOver()) {
                    send();
                }
            } while (turns.decrementAndGet() != 0);
        }
    }

    private boolean mayHandOver() {
        if (settled.get() || next == frames.length) {
            return false;
        }
        int now = underWay.get();
        return now == 0 || now + weight(frames[next]) <= window;
    }

    private static int weight(Frame frame) {
        return Math.max(1, frame.size());
    }

    private void send() {
        if (settled.get()) {
            return;
        }
        int index = next;
        next = index + 1;
        Frame frame = frames[index];
        underWay.addAndGet(weight(frame));
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
