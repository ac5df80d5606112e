package dev.realtime.internal.socketio;

import dev.realtime.internal.json.JsonSlices;
import java.util.List;

/**
 * The name of an event, and its arguments as slices of raw JSON: all that routing needs to know before a payload is
 * bound to its record.
 *
 * <p>The reference implementation also lets a number be an event name; its dispatcher turns it into the string that
 * {@code JSON.stringify} wrote, and so does this class.
 *
 * @param name the event name, unescaped
 * @param data the whole JSON array, name included
 * @param argumentsFrom where in {@code data} the name ends
 */
public record EventHead(String name, String data, int argumentsFrom) {

    /** Returns the head of an {@link PacketType#EVENT} or {@link PacketType#BINARY_EVENT} packet, which the decoder has found. */
    public static EventHead of(Packet packet) {
        EventHead head = packet.head();
        if (head == null) {
            throw new IllegalArgumentException("not an event: " + packet.type());
        }
        return head;
    }

    /** Reads the head of an event's data: a valid JSON array, the name first. */
    public static EventHead ofData(String data) {
        int from = JsonSlices.skipSpace(data, 1);
        int to = JsonSlices.skipValue(data, from);
        return new EventHead(name(data, from, to), data, to);
    }

    /** The name between {@code from} and {@code to}, cut after so many characters. */
    static String name(String text, int from, int to, int limit) {
        return text.charAt(from) == '"'
                ? JsonSlices.unescape(text, from, to, limit)
                : text.substring(from, from + Math.min(to - from, limit));
    }

    private static String name(String text, int from, int to) {
        return text.charAt(from) == '"' ? JsonSlices.unescape(text, from, to) : text.substring(from, to);
    }

    /** The arguments behind the name, each as JSON text. */
    public List<String> arguments() {
        return Slices.of(data, argumentsFrom);
    }

    /** The elements of a valid JSON array. */
    public static List<String> elements(String array) {
        return Slices.of(array, 1);
    }
}
