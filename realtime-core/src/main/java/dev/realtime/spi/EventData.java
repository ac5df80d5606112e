package dev.realtime.spi;

import java.util.List;

/**
 * Arguments on their way to a client, encoded once and independent of the wire format.
 *
 * @param json UTF-8 text of a JSON array: {@code ["name",arg,…]} for an event, {@code [arg,…]} for an acknowledgement. Binary
 *     values stand as {@code {"_placeholder":true,"num":n}}
 * @param attachments the binary values, by {@code num}
 */
@SuppressWarnings("ArrayRecordComponent") // shared bytes, compared by nobody
public record EventData(byte[] json, List<byte[]> attachments) {

    /** Bytes of the JSON text and all attachments. */
    public int size() {
        int size = json.length;
        for (byte[] attachment : attachments) {
            size += attachment.length;
        }
        return size;
    }
}
