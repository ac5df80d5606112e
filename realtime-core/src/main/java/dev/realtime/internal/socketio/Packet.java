package dev.realtime.internal.socketio;

import java.util.List;

/**
 * One decoded packet. The type is the one on the wire, so that a {@link PacketType#BINARY_EVENT} stays visible.
 *
 * @param type the packet type
 * @param namespace the namespace without a query, {@code "/"} for the main one
 * @param ackId the acknowledgement id, or {@link #NO_ACK}
 * @param data the payload as validated JSON text without surrounding space, {@code ""} when absent
 * @param attachments the binary attachments in placeholder order; the arrays are shared, nobody modifies them
 */
public record Packet(PacketType type, String namespace, long ackId, String data, List<byte[]> attachments) {

    /** The {@link #ackId} of a packet that has none. */
    public static final long NO_ACK = -1;

    /** Whether the sender wants an acknowledgement, or this is one. */
    public boolean hasAckId() {
        return ackId != NO_ACK;
    }
}
