package dev.realtime.internal.session;

import dev.realtime.Event;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventEncoder;
import dev.realtime.spi.JsonCodec;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encodes events as an engine does, where there is none. */
public final class ContractEncoder implements EventEncoder {
    private final Envelopes envelopes;

    /** @param clock says what is stamped on events */
    public ContractEncoder(JsonCodec json, Supplier<Instant> clock) {
        this.envelopes = new Envelopes(new Payloads(json), clock);
    }

    @Override
    public <T> EventData encode(Event<T> event, @Nullable T payload) {
        Objects.requireNonNull(event, "event");
        return envelopes.event(event.contract(), payload, null);
    }
}
