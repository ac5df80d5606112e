package dev.realtime.internal.socketio;

import dev.realtime.internal.json.JsonStrings;
import dev.realtime.internal.json.LoneSurrogates;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the packets of one namespace as frames, each text frame with the Engine.IO message type {@code '4'} in front,
 * so that the same bytes go to every recipient. An event is written into one array of its exact size.
 *
 * <p>Immutable and thread-safe: one instance per namespace.
 */
public final class PacketEncoder {

    private static final byte ENGINE_MESSAGE = '4';
    private static final byte[] NOTHING = {};

    /** {@code "/admin,"}, or nothing for the main namespace. */
    private final byte[] namespace;

    private PacketEncoder(byte[] namespace) {
        this.namespace = namespace;
    }

    /**
     * @param namespace its name, starting with a slash; {@code "/"} is left out on the wire
     * @throws IllegalArgumentException if the name could not be read back by a {@link PacketDecoder}
     */
    public static PacketEncoder of(String namespace) {
        if (!namespace.startsWith("/")
                || namespace.chars().anyMatch(c -> c == ',' || c == '?' || Character.isISOControl(c))) {
            throw new IllegalArgumentException(
                    "a namespace starts with '/' and holds no ',', no '?' and no control characters");
        }
        return new PacketEncoder(
                namespace.equals("/")
                        ? NOTHING
                        : (LoneSurrogates.replace(namespace) + ',').getBytes(StandardCharsets.UTF_8));
    }

    /** Answers a CONNECT: {@code 40/admin,{"sid":"…","pid":"…"}}; the private id only where recovery is on. */
    public Frame connect(String sid, @Nullable String pid) {
        return packet(
                PacketType.CONNECT,
                members("sid", JsonStrings.quote(sid), "pid", pid == null ? null : JsonStrings.quote(pid)));
    }

    /**
     * Refuses a CONNECT: {@code 44/admin,{"message":"…","data":…}}.
     *
     * @param data UTF-8 JSON for the application, or null to leave it out
     */
    public Frame connectError(String message, byte @Nullable [] data) {
        return packet(PacketType.CONNECT_ERROR, members("message", JsonStrings.quote(message), "data", data));
    }

    /** {@code 41/admin,}. */
    public Frame disconnect() {
        return packet(PacketType.DISCONNECT, NOTHING);
    }

    /**
     * Encodes an event.
     *
     * @param arguments UTF-8 JSON array without space around it: the name, then the arguments
     * @param attachments what the placeholders in it stand for, in order; not copied
     * @param ackId the id to be acknowledged, or {@link Packet#NO_ACK}
     * @param offset appended as the last element, for connection state recovery; null for none
     * @return the text frame, then one frame for each attachment
     */
    public List<Frame> event(byte[] arguments, List<byte[]> attachments, long ackId, @Nullable String offset) {
        byte[] last = offset == null ? NOTHING : JsonStrings.quote(offset);
        return frames(
                attachments.isEmpty() ? PacketType.EVENT : PacketType.BINARY_EVENT,
                arguments,
                attachments,
                ackId,
                last);
    }

    /** As {@link #event(byte[], List, long, String)}, for what a codec encoded. */
    public List<Frame> event(EventData data, long ackId, @Nullable String offset) {
        return event(data.json(), data.attachments(), ackId, offset);
    }

    /**
     * Encodes an acknowledgement.
     *
     * @param ackId the id of the event it answers
     * @param arguments UTF-8 JSON array without space around it
     * @param attachments what the placeholders in it stand for, in order; not copied
     * @return the text frame, then one frame for each attachment
     */
    public List<Frame> ack(long ackId, byte[] arguments, List<byte[]> attachments) {
        if (ackId < 0) {
            throw new IllegalArgumentException("an acknowledgement needs an id, not " + ackId);
        }
        return frames(
                attachments.isEmpty() ? PacketType.ACK : PacketType.BINARY_ACK, arguments, attachments, ackId, NOTHING);
    }

    private List<Frame> frames(PacketType type, byte[] arguments, List<byte[]> attachments, long ackId, byte[] last) {
        int end = arguments.length - 1;
        if (end < 1 || arguments[0] != '[' || arguments[end] != ']') {
            throw new IllegalArgumentException("arguments must be a JSON array without space around it");
        }
        int count = attachments.size();
        int size = 2 + (count == 0 ? 0 : digits(count) + 1) + namespace.length + (ackId < 0 ? 0 : digits(ackId));
        boolean comma = last.length > 0 && end > 1;
        byte[] bytes = new byte[size + arguments.length + last.length + (comma ? 1 : 0)];
        int at = head(bytes, type);
        if (count > 0) {
            at = number(bytes, at, count);
            bytes[at++] = '-';
        }
        at = put(bytes, at, namespace, namespace.length);
        if (ackId >= 0) {
            at = number(bytes, at, ackId);
        }
        at = put(bytes, at, arguments, end);
        if (comma) {
            bytes[at++] = ',';
        }
        at = put(bytes, at, last, last.length);
        bytes[at] = ']';
        Frame text = Frame.text(bytes);
        if (count == 0) {
            return List.of(text);
        }
        List<Frame> frames = new ArrayList<>(1 + count);
        frames.add(text);
        for (byte[] attachment : attachments) {
            frames.add(Frame.binary(attachment));
        }
        return frames;
    }

    private Frame packet(PacketType type, byte[] payload) {
        byte[] bytes = new byte[2 + namespace.length + payload.length];
        int at = put(bytes, head(bytes, type), namespace, namespace.length);
        put(bytes, at, payload, payload.length);
        return Frame.text(bytes);
    }

    /** An object of one or two members whose values are JSON already. */
    private static byte[] members(String name, byte[] value, String optional, byte @Nullable [] optionalValue) {
        byte[] first = ("{\"" + name + "\":").getBytes(StandardCharsets.UTF_8);
        byte[] second = optionalValue == null ? NOTHING : (",\"" + optional + "\":").getBytes(StandardCharsets.UTF_8);
        byte[] rest = optionalValue == null ? NOTHING : optionalValue;
        byte[] object = new byte[first.length + value.length + second.length + rest.length + 1];
        int at = put(object, 0, first, first.length);
        at = put(object, at, value, value.length);
        at = put(object, at, second, second.length);
        at = put(object, at, rest, rest.length);
        object[at] = '}';
        return object;
    }

    private static int head(byte[] bytes, PacketType type) {
        bytes[0] = ENGINE_MESSAGE;
        bytes[1] = (byte) type.digit();
        return 2;
    }

    private static int put(byte[] bytes, int at, byte[] part, int length) {
        System.arraycopy(part, 0, bytes, at, length);
        return at + length;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static int number(byte[] bytes, int at, long number) {
        int end = at + digits(number);
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }
}
