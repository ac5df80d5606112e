package dev.realtime.spi;

import dev.realtime.Event;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events where there is no engine, as an engine would: for backends that let other processes publish. {@link
 * dev.realtime.json.JacksonJson#encoder} makes one. Thread-safe.
 */
public interface EventEncoder {

    /**
     * Returns the event's name and arguments.
     *
     * @throws JsonCodec.EncodeException if the payload has no JSON form
     * @throws IllegalArgumentException if the event's arguments are a record and it is null
     */
    <T> EventData encode(Event<T> event, @Nullable T payload);
}
