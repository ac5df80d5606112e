package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.Member;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reliable event on its way to its recipients. It becomes bytes with its first recipient, and all further recipients share them. So do those to
 * whom it is replayed later, as long as somebody holds the bytes. Thread-safe.
 */
public final class Delivery {
    static final long NEVER = Long.MAX_VALUE;

    private static final EventData IN_PARTS = new EventData(new byte[0], List.of());

    private final Position position;
    private final Target target;
    private final EventData event;
    private final long expiry; // by the log's clock
    private final @Nullable PartedEvent parts;
    private final @Nullable ReplayedFrames frames; // of those that are replayed
    private final int index; // among the frames
    private volatile @Nullable OutboundMessage message; // two who make it at once make the same
    private @Nullable Map<BitSet, OutboundMessage> ofParts; // guarded by this

    /** @param expiry by the log's clock; {@link #NEVER} for none */
    Delivery(Position position, Target target, EventData event, long expiry) {
        this(position, target, event, expiry, null, null, 0);
    }

    /** Of an event in parts. */
    Delivery(Position position, PartedEvent parts) {
        this(position, parts.target(), IN_PARTS, NEVER, parts, null, 0);
    }

    Delivery(
            Position position,
            Target target,
            EventData event,
            long expiry,
            @Nullable PartedEvent parts,
            @Nullable ReplayedFrames frames,
            int index) {
        this.position = position;
        this.target = target;
        this.event = event;
        this.expiry = expiry;
        this.parts = parts;
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

    /** When it is not worth delivering any more, by the log's clock. */
    long expiry() {
        return expiry;
    }

    /** Null if it is whole. */
    @Nullable
    PartedEvent parts() {
        return parts;
    }

    int size() {
        return parts == null ? event.size() : parts.size();
    }

    /** The event as one of its recipients gets it who was not there; of an event in parts as much as it has room for. */
    public OutboundMessage message(Member recipient, EventMessages messages) {
        return parts == null ? whole(messages) : with(parts, parts.replayed(parts.of(recipient, position)), messages);
    }

    /** The event as all of its recipients get it. It is whole. */
    OutboundMessage message(EventMessages messages) {
        return whole(messages);
    }

    /** The event as one of its recipients gets it who is there; null if it is told nothing now. */
    <M extends Member> @Nullable OutboundMessage message(
            M recipient, EventMessages messages, PartChooser<? super M> chooser) {
        if (parts == null) {
            return whole(messages);
        }
        BitSet chosen = chooser.choose(recipient, position, parts, parts.of(recipient, position));
        return chosen.isEmpty() ? null : with(parts, chosen, messages);
    }

    private OutboundMessage whole(EventMessages messages) {
        OutboundMessage made = message;
        if (made == null && frames != null) {
            made = frames.get(index);
            message = made;
        }
        if (made == null) {
            made = messages.message(event, position);
            message = made;
            if (frames != null) {
                frames.share(index, made);
            }
        }
        return made;
    }

    private synchronized OutboundMessage with(PartedEvent event, BitSet some, EventMessages messages) {
        if (ofParts == null) {
            ofParts = new HashMap<>();
        }
        return ofParts.computeIfAbsent(some, these -> messages.alone(event.with(these), position));
    }
}
