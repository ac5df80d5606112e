package dev.realtime.internal.fanout;

import dev.realtime.internal.outbox.OutboundMessage;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The frames of events that are being replayed. All sessions that resume share them while any of them holds one. Afterwards the frames are collected,
 * so that a window which has been replayed is no larger than before. Thread-safe.
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
