package dev.realtime.internal.socketio;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A binary packet whose attachments have not all arrived. */
final class PendingPacket {
    private Packet packet;
    private int missing;
    private final List<byte[]> attachments;
    private long bytes;

    PendingPacket(Packet packet, int expected) {
        this.packet = packet;
        this.missing = expected;
        this.attachments = new ArrayList<>(packet.fault() == null ? expected : 0);
    }

    void take(byte[] attachment, long maxBytes) {
        missing--;
        bytes += attachment.length;
        if (packet.fault() == null && bytes > maxBytes) {
            String name = packet.type().isEvent() ? EventHead.of(packet).name() : "";
            packet = PacketDecoder.faulty(packet, name, Fault.ATTACHMENTS_TOO_LARGE);
            attachments.clear();
        }
        if (packet.fault() == null) {
            attachments.add(attachment);
        }
    }

    boolean isComplete() {
        return missing <= 0;
    }

    /** What is held of it, in bytes. */
    long heldBytes() {
        return 2L * packet.data().length() + bytes;
    }

    Packet whole() {
        return packet.fault() != null
                ? packet
                : new Packet(
                        packet.type(),
                        packet.namespace(),
                        packet.ackId(),
                        packet.data(),
                        Collections.unmodifiableList(attachments),
                        null,
                        packet.head());
    }
}
