package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.batches.Batching;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import org.jspecify.annotations.Nullable;

/** How the reliable events of a namespace become messages for its clients. Thread-safe. */
public final class EventMessages {
    private final PacketEncoder encoder;
    private final boolean offsets;
    private final @Nullable Batching batching;

    /**
     * @param offsets whether events carry their position, for clients that recover
     * @param batching null: each event leaves by itself
     */
    public EventMessages(PacketEncoder encoder, boolean offsets, @Nullable Batching batching) {
        this.encoder = encoder;
        this.offsets = offsets;
        this.batching = batching;
    }

    /** The event at this position, by itself or to be batched. */
    public OutboundMessage message(EventData event, Position position) {
        OutboundMessage batched = batching == null ? null : batching.message(event, offset(position));
        return batched == null ? alone(event, position) : batched;
    }

    /** The event at this position, by itself. */
    OutboundMessage alone(EventData event, Position position) {
        return OutboundMessage.reliable(encoder.event(event.json(), event.attachments(), -1, offset(position)));
    }

    private @Nullable String offset(Position position) {
        return offsets ? position.toString() : null;
    }

    boolean withOffsets() {
        return offsets;
    }

    /** Null: each event leaves by itself. */
    @Nullable
    Batching batching() {
        return batching;
    }

    /** For what is not a reliable event. */
    public PacketEncoder encoder() {
        return encoder;
    }
}
