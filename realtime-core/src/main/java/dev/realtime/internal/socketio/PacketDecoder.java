package dev.realtime.internal.socketio;

import dev.realtime.internal.json.JsonScanner;
import dev.realtime.internal.json.JsonSlices;
import dev.realtime.internal.json.JsonStrings;
import dev.realtime.internal.json.LoneSurrogates;
import dev.realtime.internal.socketio.BadPacketException.Code;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the packets of one connection (Socket.IO protocol v5, "Packet encoding"):
 *
 * <pre>{@code <type>[<attachments>-][<namespace>,][<ack id>][<JSON payload>]   then the attachments, one frame each}</pre>
 *
 * <p>Lazy: the payload is validated in one pass and stays text. What this class accepts is a little narrower than what
 * the reference parser accepts, and never wider, except for a query behind a namespace, which is dropped:
 *
 * <ul>
 *   <li>an event must carry a non-empty array that starts with a string or a number and not with a reserved name;
 *   <li>an acknowledgement must carry an array and an id; an id may otherwise only stand on an event;
 *   <li>CONNECT carries an object or nothing, DISCONNECT nothing, CONNECT_ERROR a string, an object or nothing;
 *   <li>ids are decimal, up to 2<sup>53</sup>-1, the largest integer every client can hold; leading zeros are dropped;
 *   <li>a binary packet announces at least one attachment;
 *   <li>a namespace holds no control characters, so that it can be logged; a query behind it is dropped.
 * </ul>
 *
 * <p>What is a packet, but not one that may be handled, comes out with its {@link Fault}: nested too deep, numbers beyond
 * the range of doubles, placeholders that are not one for each attachment, too many or too large attachments, names too long. Its
 * attachments are awaited and dropped.
 *
 * <p>Memory held for attachments still outstanding is bounded by the limits. After an exception nothing is held, and the
 * connection should be closed, as the specification demands. Not thread-safe: a connection delivers its frames in turn.
 */
public final class PacketDecoder {

    private static final Set<String> RESERVED_EVENTS =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private static final int LONGEST_RESERVED = "removeListener".length();

    private final DecoderLimits limits;
    private final JsonScanner scanner;
    /** Characters of a name that tell whether it is too long or reserved. */
    private final int shownOfName;

    private @Nullable PendingPacket pending;

    public PacketDecoder(DecoderLimits limits) {
        this.limits = limits;
        this.shownOfName = Math.max(Math.min(limits.maxEventNameLength(), Integer.MAX_VALUE - 1), LONGEST_RESERVED) + 1;
        this.scanner = new JsonScanner(limits.maxDepth());
    }

    /**
     * Takes the text of a packet, without the Engine.IO type in front.
     *
     * @return the packet, or null when attachments must follow
     * @throws BadPacketException if it is not a valid packet or not expected now
     */
    public @Nullable Packet text(String text) {
        return text(text, 0);
    }

    /** As {@link #text(String)}, for a packet that starts at {@code from}: spares a copy of an Engine.IO message. */
    public @Nullable Packet text(String text, int from) {
        if (pending != null) {
            pending = null;
            throw new BadPacketException(Code.UNEXPECTED_TEXT, "text while binary attachments are outstanding");
        }
        PacketHeader header = PacketHeader.read(text, from, limits);
        Packet packet = packet(text, header);
        if (!header.type().isBinary()) {
            return packet;
        }
        pending = new PendingPacket(packet, header.attachments());
        return null;
    }

    /**
     * Takes one binary attachment. The array is kept, not copied.
     *
     * @return the packet it completes, or null when more attachments must follow
     * @throws BadPacketException if no attachment is expected
     */
    public @Nullable Packet binary(byte[] bytes) {
        PendingPacket waiting = pending;
        if (waiting == null) {
            throw new BadPacketException(Code.UNEXPECTED_BINARY, "binary data that no packet announced");
        }
        waiting.take(bytes, limits.maxAttachmentBytes());
        if (!waiting.isComplete()) {
            return null;
        }
        pending = null;
        return waiting.whole();
    }

    /** What is held of a packet whose attachments are outstanding, in bytes. */
    public long pendingBytes() {
        PendingPacket waiting = pending;
        return waiting == null ? 0 : waiting.heldBytes();
    }

    /** Whether attachments of a packet are outstanding. */
    public boolean isWaitingForAttachments() {
        return pending != null;
    }

    private Packet packet(String text, PacketHeader header) {
        PacketType type = header.type();
        if (header.fault() == Fault.NAMESPACE_TOO_LONG) {
            return faulty(header, "", Fault.NAMESPACE_TOO_LONG);
        }
        int from = JsonSlices.skipSpace(text, header.payloadFrom());
        if (from == text.length()) {
            if (type.isEvent() || type.isAck()) {
                throw new BadPacketException(Code.MALFORMED, type + " without a payload");
            }
            return packet(header, "", null);
        }
        if (!allows(type, text.charAt(from))) {
            throw new BadPacketException(Code.MALFORMED, "a payload that " + type + " does not allow");
        }
        int end = scanner.value(text, from, header.attachments());
        if (end == JsonScanner.TOO_DEEP) {
            return faulty(header, type.isEvent() ? headOf(text, from).name() : "", Fault.TOO_DEEP);
        }
        if (end == JsonScanner.MALFORMED || JsonSlices.skipSpace(text, end) != text.length()) {
            throw new BadPacketException(Code.MALFORMED, "payload is not valid JSON");
        }
        String data = text.substring(from, end);
        if (scanner.sawLoneSurrogates()) {
            data = LoneSurrogates.replaceInJson(data);
        }
        EventHead head = type.isEvent() ? headOf(data, 0) : null;
        String name = head == null ? "" : head.name();
        Fault fault = fault(header, name);
        return fault == null ? packet(header, data, head) : faulty(header, name, fault);
    }

    private @Nullable Fault fault(PacketHeader header, String name) {
        if (header.fault() != null) {
            return header.fault();
        }
        if (name.length() > limits.maxEventNameLength()) {
            return Fault.EVENT_NAME_TOO_LONG;
        }
        if (scanner.sawNumberOutOfRange()) {
            return Fault.NUMBER_OUT_OF_RANGE;
        }
        return scanner.sawAllPlaceholders() ? null : Fault.BAD_PLACEHOLDER;
    }

    private static Packet packet(PacketHeader header, String data, @Nullable EventHead head) {
        return new Packet(header.type(), header.namespace(), header.ackId(), data, Collections.emptyList(), null, head);
    }

    private Packet faulty(PacketHeader header, String name, Fault fault) {
        String shown = name.substring(0, Math.min(name.length(), limits.maxEventNameLength()));
        return faulty(packet(header, "", null), shown, fault);
    }

    /** Of the payload nothing but the name is passed on. */
    static Packet faulty(Packet packet, String name, Fault fault) {
        PacketType type = packet.type();
        String data = type.isEvent()
                ? '[' + new String(JsonStrings.quote(name), StandardCharsets.UTF_8) + ']'
                : type.isAck() ? "[]" : "";
        return new Packet(type, packet.namespace(), packet.ackId(), data, Collections.emptyList(), fault);
    }

    private static boolean allows(PacketType type, char first) {
        return switch (type) {
            case CONNECT -> first == '{';
            case DISCONNECT -> false;
            case CONNECT_ERROR -> first == '{' || first == '"';
            case EVENT, BINARY_EVENT, ACK, BINARY_ACK -> first == '[';
        };
    }

    /**
     * The head of the event whose array starts at {@code from}: of the array only its first element need be valid. A name that is too long is
     * cut where that shows.
     */
    private EventHead headOf(String text, int from) {
        int at = JsonSlices.skipSpace(text, from + 1);
        char first = text.charAt(at);
        if (first != '"' && first != '-' && (first < '0' || first > '9')) {
            throw new BadPacketException(Code.MALFORMED, "an event must start with its name");
        }
        int to = JsonSlices.skipValue(text, at);
        String name = EventHead.name(text, at, to, shownOfName);
        if (RESERVED_EVENTS.contains(name)) {
            throw new BadPacketException(Code.RESERVED_EVENT, "the event name " + name + " is reserved");
        }
        return new EventHead(name, text, to);
    }
}
