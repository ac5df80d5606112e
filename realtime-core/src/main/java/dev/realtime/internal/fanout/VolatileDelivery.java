package dev.realtime.internal.fanout;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A volatile event on its way to its recipients. It becomes bytes with its first recipient, and again for those who get it when the fan-out has come further: with
 * an earlier position it would take a client back. Used in the fan-out's turn only.
 */
final class VolatileDelivery {
    private final VolatileEmit emit;
    private final PacketEncoder encoder;
    private @Nullable OutboundMessage message;
    private @Nullable String stamp; // of the message

    VolatileDelivery(VolatileEmit emit, PacketEncoder encoder) {
        this.emit = emit;
        this.encoder = encoder;
    }

    Target target() {
        return emit.target();
    }

    @Nullable
    String key() {
        return emit.coalesceKey();
    }

    EventData event() {
        return emit.event();
    }

    /** The event as it leaves now. */
    OutboundMessage message(@Nullable String now) {
        OutboundMessage made = message;
        if (made == null || !Objects.equals(stamp, now)) {
            EventData event = emit.event();
            made = OutboundMessage.volatileMessage(
                    encoder.event(event.json(), event.attachments(), -1, now), emit.coalesceKey());
            message = made;
            stamp = now;
        }
        return made;
    }
}
