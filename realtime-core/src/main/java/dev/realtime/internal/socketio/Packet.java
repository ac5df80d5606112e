package dev.realtime.internal.socketio;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One decoded packet. The type is the one on the wire, so that a {@link PacketType#BINARY_EVENT} stays visible.
 *
 * @param type the packet type
 * @param namespace the namespace without a query, {@code "/"} for the main one
 * @param ackId the acknowledgement id, or {@link #NO_ACK}
 * @param data the payload as validated JSON text without surrounding space, {@code ""} when absent
 * @param attachments the binary attachments in placeholder order; the arrays are shared, nobody modifies them
 * @param fault why it must be refused, or null. Then there are no attachments, and the data of an event is its name alone
 * @param head of an event, found while its data was checked; null for any other packet
 */
public record Packet(
        PacketType type,
        String namespace,
        long ackId,
        String data,
        List<byte[]> attachments,
        @Nullable Fault fault,
        @Nullable EventHead head) {

    /** The {@link #ackId} of a packet that has none. */
    public static final long NO_ACK = -1;

    public Packet(PacketType type, String namespace, long ackId, String data, List<byte[]> attachments) {
        this(type, namespace, ackId, data, attachments, null);
    }

    public Packet(
            PacketType type,
            String namespace,
            long ackId,
            String data,
            List<byte[]> attachments,
            @Nullable Fault fault) {
        this(type, namespace, ackId, data, attachments, fault, type.isEvent() ? EventHead.ofData(data) : null);
    }

    /** Whether the sender wants an acknowledgement, or this is one. */
    public boolean hasAckId() {
        return ackId != NO_ACK;
    }
}
