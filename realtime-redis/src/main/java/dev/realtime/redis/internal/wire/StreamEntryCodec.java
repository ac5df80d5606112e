package dev.realtime.redis.internal.wire;

import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An entry of the log as an entry of upstream's stream. The text of an event without binary values is put into it, and cut out of it, as it
 * is. The offset that clients see is never part of what is written: who reads the entry knows its place. Thread-safe.
 */
public final class StreamEntryCodec {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEntryCodec.class);

    private final int maxRooms;
    private final BoundedLog lines;

    /**
     * @param maxRooms in each list of an entry: every node keeps them for as long as it keeps the entry
     * @param lines for entries that cannot be read
     */
    public StreamEntryCodec(int maxRooms, BoundedLog lines) {
        this.maxRooms = maxRooms;
        this.lines = lines;
    }

    /**
     * @param uid who writes it
     * @throws IllegalArgumentException when the entry has no form that every node could read
     */
    public StreamFields encode(String uid, String namespace, LogEntry entry) {
        checkRooms("an audience", entry.target().rooms());
        checkRooms("an audience's exceptions", entry.target().except());
        int type = entry instanceof LogEntry.Note ? MessageType.NOTE : type(entry);
        if (entry.target().node() != null) {
            type += MessageType.NODE_ONLY;
        }
        byte[] data = entry instanceof LogEntry.Emit emit
                        && !emit.event().attachments().isEmpty()
                ? Base64.getEncoder().encode(msgpack(emit))
                : json(entry);
        if (data.length > WireJson.MAX_BYTES) {
            throw new IllegalArgumentException("an entry of " + data.length + " bytes is too large for the stream");
        }
        return new StreamFields(uid, namespace, type, data);
    }

    private void checkRooms(String what, Set<String> rooms) {
        if (rooms.size() > maxRooms) {
            throw new IllegalArgumentException(
                    what + " may name " + maxRooms + " rooms (RedisOptions.roomsPerEntry), but has " + rooms.size()
                            + "; more of them are several events, or a room of their own");
        }
    }

    private static int type(LogEntry entry) {
        if (entry instanceof LogEntry.Emit) {
            return MessageType.BROADCAST;
        }
        if (entry instanceof LogEntry.Join) {
            return MessageType.SOCKETS_JOIN;
        }
        return entry instanceof LogEntry.Leave ? MessageType.SOCKETS_LEAVE : MessageType.DISCONNECT_SOCKETS;
    }

    private static byte[] json(LogEntry entry) {
        if (entry instanceof LogEntry.Note note) {
            return new JsonBytes(64 + note.text().length())
                    .raw("{\"kind\":")
                    .string(note.kind())
                    .raw(",\"text\":")
                    .string(note.text())
                    .raw("}")
                    .toByteArray();
        }
        Target target = entry.target();
        EventData event = entry instanceof LogEntry.Emit emit ? emit.event() : null;
        JsonBytes out = new JsonBytes(128 + (event == null ? 0 : event.json().length)).raw("{");
        if (event != null) {
            out.raw("\"packet\":{\"type\":2,\"data\":").raw(event.json()).raw("},");
        }
        out.raw("\"opts\":{\"rooms\":").strings(target.rooms());
        out.raw(",\"except\":").strings(target.except()).raw(",\"flags\":{}}");
        if (entry instanceof LogEntry.Join join) {
            out.raw(",\"rooms\":").strings(join.rooms());
        } else if (entry instanceof LogEntry.Leave leave) {
            out.raw(",\"rooms\":").strings(leave.rooms());
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            out.raw(disconnect.closeConnection() ? ",\"close\":true" : ",\"close\":false");
        }
        if (target.node() != null) {
            out.raw(",\"node\":").string(target.node());
        }
        if (entry instanceof LogEntry.Emit emit && !emit.terms().isNone()) {
            TermsCodec.write(emit.terms(), out);
        }
        return out.raw("}").toByteArray();
    }

    private static byte[] msgpack(LogEntry.Emit emit) {
        Target target = emit.target();
        MsgpackWriter out = new MsgpackWriter()
                .map(2 + (target.node() == null ? 0 : 1) + (emit.terms().isNone() ? 0 : 1));
        Packets.write(emit.event(), out);
        BroadcastOptions.write(target, false, null, out);
        if (target.node() != null) {
            out.string("node").string(target.node());
        }
        if (!emit.terms().isNone()) {
            TermsCodec.write(emit.terms(), out);
        }
        return out.toByteArray();
    }

    /** Null when the entry is of a type that is not ours to handle, or is not valid: then that is logged, never thrown. */
    public @Nullable LogEntry decode(StreamFields fields) {
        int type = fields.type() > MessageType.NODE_ONLY ? fields.type() - MessageType.NODE_ONLY : fields.type();
        boolean note = fields.type() == MessageType.NOTE;
        if (!note && (type < MessageType.BROADCAST || type > MessageType.DISCONNECT_SOCKETS)) {
            return null;
        }
        try {
            byte[] data = fields.data();
            WireJson.checkSize(data.length);
            boolean isJson = data.length > 0 && data[0] == '{';
            return (isJson ? EntryJson.read(data, maxRooms) : EntryMsgpack.read(base64(data), maxRooms))
                    .entry(fields.type());
        } catch (BadWireException e) {
            lines.warn(
                    LOG,
                    BoundedLog.clean(fields.uid()),
                    "an entry of the stream is not valid and was left out: {} (type {}, namespace {}, from {})",
                    e.getMessage(),
                    fields.type(),
                    BoundedLog.clean(fields.namespace()),
                    BoundedLog.clean(fields.uid()));
            return null;
        }
    }

    static byte[] base64(byte[] text) throws BadWireException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new BadWireException("neither JSON nor base64", e);
        }
    }

    /** The numeric type of an entry; -1 when the text is no type. */
    public static int parseType(byte[] text) {
        if (text.length == 0 || text.length > 3) {
            return -1;
        }
        int type = 0;
        for (byte digit : text) {
            if (digit < '0' || digit > '9') {
                return -1;
            }
            type = type * 10 + digit - '0';
        }
        return type;
    }

    /** As the field {@code type} has it. */
    public static byte[] formatType(int type) {
        return Integer.toString(type).getBytes(StandardCharsets.US_ASCII);
    }
}
