package dev.realtime.internal.fanout;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Position;
import dev.realtime.spi.Target;
import org.jspecify.annotations.Nullable;

/**
 * A reliable event in the hands of the fan-out: becomes bytes with its first recipient, and all further ones, also those that replay it
 * later, share them. Used in the fan-out's turn only.
 */
public final class Delivery {
    private final Position position;
    private final Target target;
    private final int size;
    private @Nullable EventData event; // until it is encoded
    private @Nullable OutboundMessage message;

    Delivery(Position position, LogEntry.Emit emit) {
        this.position = position;
        this.target = emit.target();
        this.event = emit.event();
        this.size = emit.event().size();
    }

    public Position position() {
        return position;
    }

    public Target target() {
        return target;
    }

    /** Bytes of the event. */
    public int size() {
        return size;
    }

    /** @param offsets whether the position is appended for clients that recover */
    public OutboundMessage message(PacketEncoder encoder, boolean offsets) {
        OutboundMessage made = message;
        EventData data = event;
        if (made == null && data != null) {
            made = OutboundMessage.reliable(
                    encoder.event(data.json(), data.attachments(), -1, offsets ? position.toString() : null));
            message = made;
            event = null;
        }
        if (made == null) {
            throw new IllegalStateException("neither event nor message at " + position);
        }
        return made;
    }
}
