package dev.realtime.internal.socketio;

import dev.realtime.internal.json.LoneSurrogates;
import dev.realtime.internal.socketio.BadPacketException.Code;
import org.jspecify.annotations.Nullable;

/** What stands in front of the payload of a packet (Socket.IO protocol v5, "Packet encoding"). */
record PacketHeader(
        PacketType type,
        int attachments,
        String namespace,
        long ackId,
        int payloadFrom,
        @Nullable Fault fault) {
    private static final long MAX_ACK_ID = (1L << 53) - 1;
    /** Of one packet, to be dropped because they are too many; who announces more is no client that errs. */
    private static final int MAX_DROPPED_ATTACHMENTS = 100;
    /** Of a namespace that is too long, but can be named in the refusal. */
    private static final int MAX_REFUSED_NAMESPACE = 1_024;

    static PacketHeader read(String text, int from, DecoderLimits limits) {
        PacketType type = from < text.length() ? PacketType.of(text.charAt(from)) : null;
        if (type == null) {
            throw new BadPacketException(Code.MALFORMED, "unknown packet type");
        }
        int at = from + 1;
        int attachments = 0;
        Fault fault = null;
        if (type.isBinary()) {
            int dash = digitsEnd(text, at);
            attachments = attachments(text, at, dash, limits);
            fault = attachments > limits.maxAttachments() ? Fault.TOO_MANY_ATTACHMENTS : null;
            at = dash + 1;
        }
        String namespace = "/";
        if (at < text.length() && text.charAt(at) == '/') {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            boolean answerable = type == PacketType.CONNECT;
            namespace = namespace(
                    text,
                    at,
                    end,
                    answerable
                            ? Math.max(limits.maxNamespaceLength(), MAX_REFUSED_NAMESPACE)
                            : limits.maxNamespaceLength());
            if (namespace.length() > limits.maxNamespaceLength()) {
                fault = Fault.NAMESPACE_TOO_LONG;
            }
            at = comma < 0 ? end : comma + 1;
        }
        int idEnd = digitsEnd(text, at);
        long ackId = ackId(text, at, idEnd);
        if (ackId == Packet.NO_ACK ? type.isAck() : !type.isAck() && !type.isEvent()) {
            throw new BadPacketException(Code.BAD_ACK_ID, type + (type.isAck() ? " without an id" : " with an id"));
        }
        return new PacketHeader(type, attachments, namespace, ackId, idEnd, fault);
    }

    private static int attachments(String text, int from, int dash, DecoderLimits limits) {
        if (dash == from || dash == text.length() || text.charAt(dash) != '-') {
            throw new BadPacketException(Code.MALFORMED, "a binary packet must announce its attachments");
        }
        int most = Math.max(limits.maxAttachments(), MAX_DROPPED_ATTACHMENTS);
        long count = number(text, from, dash, most);
        if (count < 0) {
            throw new BadPacketException(Code.TOO_MANY_ATTACHMENTS, "more than " + most + " attachments");
        }
        if (count == 0) {
            throw new BadPacketException(Code.MALFORMED, "a binary packet without attachments");
        }
        return (int) count;
    }

    private static String namespace(String text, int from, int end, int longest) {
        int query = text.indexOf('?', from);
        int to = query < 0 || query > end ? end : query;
        if (to - from > longest) {
            throw new BadPacketException(Code.NAMESPACE_TOO_LONG, "namespace longer than " + longest);
        }
        for (int i = from; i < to; i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new BadPacketException(Code.MALFORMED, "a control character in the namespace");
            }
        }
        return LoneSurrogates.replace(text.substring(from, to));
    }

    private static long ackId(String text, int from, int to) {
        if (from == to) {
            return Packet.NO_ACK;
        }
        long id = number(text, from, to, MAX_ACK_ID);
        if (id < 0) {
            throw new BadPacketException(Code.BAD_ACK_ID, "id above " + MAX_ACK_ID);
        }
        return id;
    }

    private static int digitsEnd(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** The number, or -1 when it is above {@code max}; never overflows, however many digits there are. */
    private static long number(String text, int from, int to, long max) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (text.charAt(i) - '0');
            if (value > max) {
                return -1;
            }
        }
        return value;
    }
}
