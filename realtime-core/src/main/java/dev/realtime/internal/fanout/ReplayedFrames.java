package dev.realtime.internal.fanout;

import dev.realtime.internal.outbox.OutboundMessage;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The frames of events that are replayed. All who resume share them while any of them holds one; behind them they go again, so that a window that
 * has been replayed is no larger than before. Thread-safe.
 */
final class ReplayedFrames {
    private final AtomicReferenceArray<@Nullable WeakReference<OutboundMessage>> frames;

    ReplayedFrames(int events) {
        frames = new AtomicReferenceArray<>(events);
    }

    @Nullable
    OutboundMessage get(int index) {
        WeakReference<OutboundMessage> frame = frames.get(index);
        return frame == null ? null : frame.get();
    }

    void share(int index, OutboundMessage frame) {
        frames.set(index, new WeakReference<>(frame));
    }
}
