package dev.realtime.internal.session;

import dev.realtime.Event;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventEncoder;
import dev.realtime.spi.JsonCodec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes events as an engine does, where there is none. */
public final class ContractEncoder implements EventEncoder {
    private final Payloads payloads;

    public ContractEncoder(JsonCodec json) {
        this.payloads = new Payloads(json);
    }

    @Override
    public <T> EventData encode(Event<T> event, @Nullable T payload) {
        Objects.requireNonNull(event, "event");
        return payloads.event(event.contract(), payload);
    }
}
