package dev.realtime.json;

import dev.realtime.Event;
import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.internal.session.Payloads;
import dev.realtime.limits.Limits;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes events where there is no engine, as an engine would: for programs that only publish. Thread-safe. */
public final class EventEncoder {
    private final Payloads payloads;

    /** Encodes with the default codec. */
    public EventEncoder() {
        this(new JacksonCodec(Limits.DEFAULT.maxDepth()));
    }

    /** @param json the codec of the engines that share the backend */
    public EventEncoder(JsonCodec json) {
        this.payloads = new Payloads(Objects.requireNonNull(json, "json"));
    }

    /**
     * The event's name and arguments.
     *
     * @throws JsonCodec.EncodeException when the payload has no JSON form
     * @throws IllegalArgumentException when the event's arguments are a record and it is null
     */
    public <T> EventData encode(Event<T> event, @Nullable T payload) {
        Objects.requireNonNull(event, "event");
        return payloads.event(event.contract(), payload);
    }
}
