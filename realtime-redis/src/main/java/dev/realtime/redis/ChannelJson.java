package dev.realtime.redis;

import dev.realtime.Event;
import dev.realtime.PayloadShape;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.util.Arrays;

/** The JSON of an event's only argument, for those who know nothing of Socket.IO. */
final class ChannelJson {
    private ChannelJson() {}

    /**
     * @param data the event's, as clients would get it: {@code ["name",argument]}
     * @throws IllegalArgumentException if it is not one argument, or has binary values
     */
    static byte[] of(Event<?> event, EventData data) {
        if (event.contract().shape() != PayloadShape.SINGLE) {
            throw new IllegalArgumentException("an event on a channel has one argument, but '" + event + "' has "
                    + (event.contract().shape() == PayloadShape.NONE ? "none" : "several"));
        }
        if (!data.attachments().isEmpty()) {
            throw new EncodeException("'" + event + "' has binary values, which have no place on a channel", null);
        }
        byte[] json = data.json();
        int end = 2; // behind the bracket and the quote that the name begins with
        while (json[end] != '"') {
            end += json[end] == '\\' ? 2 : 1;
        }
        return Arrays.copyOfRange(json, end + 2, json.length - 1);
    }
}
