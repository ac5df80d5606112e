package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.rooms.Member;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An event that each recipient gets those parts of that are for a room of his: its payload is an array of them. So what is said of one moment to
 * different rooms is one event at one position for each session. Immutable.
 */
public final class PartedEvent {
    private final byte[] open;
    private final List<Part> parts;
    private final int most;

    /** A JSON value for the members of a room. */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    public record Part(String room, byte[] json) {}

    /**
     * @param name as JSON text
     * @param most bytes that are replayed to one recipient, or one part
     */
    public PartedEvent(String name, List<Part> parts, int most) {
        this.open = ('[' + name + ",[").getBytes(StandardCharsets.UTF_8);
        this.parts = List.copyOf(parts);
        this.most = most;
    }

    public List<Part> parts() {
        return parts;
    }

    /** All for whom it has a part. */
    Target target() {
        Set<String> rooms = new LinkedHashSet<>();
        parts.forEach(part -> rooms.add(part.room()));
        return new Target(rooms, Set.of(), null);
    }

    /** Bytes of all parts. */
    int size() {
        int size = open.length;
        for (Part part : parts) {
            size += part.json().length + 1;
        }
        return size;
    }

    /** Which parts are for a member. */
    BitSet of(Member member, Position at) {
        BitSet mine = new BitSet(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            if (member.wasIn(parts.get(i).room(), at)) {
                mine.set(i);
            }
        }
        return mine;
    }

    /** Those of some parts that are replayed: as many as one recipient has room for. */
    BitSet replayed(BitSet some) {
        BitSet first = new BitSet(parts.size());
        int bytes = 0;
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            int size = parts.get(i).json().length;
            if (bytes == 0 || bytes + size <= most) {
                first.set(i);
                bytes += size;
            }
        }
        return first;
    }

    /** The event with these parts. */
    EventData with(BitSet some) {
        ByteArrayOutputStream json = new ByteArrayOutputStream(size() + 2);
        json.writeBytes(open);
        boolean first = true;
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            if (!first) {
                json.write(',');
            }
            first = false;
            json.writeBytes(parts.get(i).json());
        }
        json.write(']');
        json.write(']');
        return new EventData(json.toByteArray(), List.of());
    }
}
