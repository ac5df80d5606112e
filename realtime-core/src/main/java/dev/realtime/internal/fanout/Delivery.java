package dev.realtime.internal.fanout;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Position;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;

/**
 * A reliable event in the hands of the fan-out: becomes bytes with its first recipient, and all further ones share them; so do those that
 * replay it later. Used in the fan-out's turn only.
 */
public final class Delivery {
    private final Position position;
    private final long nanos;
    private final EventData event;
    private Target target;
    private @Nullable OutboundMessage message;

    /** @param nanos when it came, on the monotonic clock */
    Delivery(Position position, LogEntry.Emit emit, long nanos) {
        this.position = position;
        this.nanos = nanos;
        this.target = emit.target();
        this.event = emit.event();
    }

    public Position position() {
        return position;
    }

    public Target target() {
        return target;
    }

    long nanos() {
        return nanos;
    }

    /** A hundred thousand deliveries are kept; most go where the one before them went, and need not say it again. */
    void shareTarget(Delivery before) {
        if (target.equals(before.target)) {
            target = before.target;
        }
    }

    /** Bytes of the event. */
    public int size() {
        return event.size();
    }

    /** @param offsets whether the position is appended for clients that recover */
    public OutboundMessage message(PacketEncoder encoder, boolean offsets) {
        OutboundMessage made = message;
        if (made == null) {
            made = OutboundMessage.reliable(
                    encoder.event(event.json(), event.attachments(), -1, offsets ? position.toString() : null));
            message = made;
        }
        return made;
    }

    /**
     * Everybody who is here has it. What is kept for those who are not is the event alone: the frame, and what transports made of it,
     * would be twice as much again, and who replays it makes it anew, once for all of them.
     */
    void delivered() {
        message = null;
    }
}
