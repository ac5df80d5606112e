package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;

/**
 * A reliable event on its way to its recipients. It becomes bytes with its first recipient, and all further recipients share them. So do those to
 * whom it is replayed later, as long as somebody holds the bytes. Thread-safe.
 */
public final class Delivery {
    private final Position position;
    private final Target target;
    private final EventData event;
    private final @Nullable ReplayedFrames frames; // of those that are replayed
    private final int index; // among the frames
    private volatile @Nullable OutboundMessage message; // two who make it at once make the same

    Delivery(Position position, Target target, EventData event) {
        this(position, target, event, null, 0);
    }

    Delivery(Position position, Target target, EventData event, @Nullable ReplayedFrames frames, int index) {
        this.position = position;
        this.target = target;
        this.event = event;
        this.frames = frames;
        this.index = index;
    }

    public Position position() {
        return position;
    }

    public Target target() {
        return target;
    }

    EventData event() {
        return event;
    }

    /** @param offsets whether the position is appended for clients that recover */
    public OutboundMessage message(PacketEncoder encoder, boolean offsets) {
        OutboundMessage made = message;
        if (made == null && frames != null) {
            made = frames.get(index);
            message = made;
        }
        if (made == null) {
            made = OutboundMessage.reliable(
                    encoder.event(event.json(), event.attachments(), -1, offsets ? position.toString() : null));
            message = made;
            if (frames != null) {
                frames.share(index, made);
            }
        }
        return made;
    }
}
