package dev.realtime.spi;

import java.util.List;

/**
 * Arguments on their way to a client, encoded once and independent of the wire format.
 *
 * @param json UTF-8 text of a JSON array: {@code ["name",arg,…]} for an event, {@code [arg,…]} for an acknowledgement. Binary
 *     values stand as {@code {"_placeholder":true,"num":n}}, each once
 * @param attachments the binary values, by {@code num}; {@link #MAX_ATTACHMENTS} at most
 */
@SuppressWarnings("ArrayRecordComponent") // shared bytes, compared by nobody
public record EventData(byte[] json, List<byte[]> attachments) {
    /** Official clients, since their parser 4.2.6, close the connection on which an event with more of them comes. */
    public static final int MAX_ATTACHMENTS = 10;

    /** @throws IllegalArgumentException when there are more attachments than clients take */
    public EventData {
        if (attachments.size() > MAX_ATTACHMENTS) {
            throw new IllegalArgumentException(
                    "an event has at most " + MAX_ATTACHMENTS + " attachments, not " + attachments.size());
        }
    }

    /** Bytes of the JSON text and all attachments. */
    public int size() {
        int size = json.length;
        for (byte[] attachment : attachments) {
            size += attachment.length;
        }
        return size;
    }
}
