package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.Principal;
import dev.realtime.Session;
import dev.realtime.envelope.Envelope;
import dev.realtime.envelope.EnvelopeForm;
import dev.realtime.spi.EventData;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Encodes what is emitted: the payload as it is, or in the envelope that its contract asks for. Thread-safe. */
public final class Envelopes {
    private final Payloads payloads;
    private final Supplier<Instant> clock;

    /** @param clock says what is stamped on events */
    public Envelopes(Payloads payloads, Supplier<Instant> clock) {
        this.payloads = payloads;
        this.clock = clock;
    }

    /**
     * An event's arguments, its name first.
     *
     * @param sender whose user it is from; null: nobody's
     * @throws dev.realtime.spi.JsonCodec.EncodeException if it has no form that clients can read, or is too large
     */
    public <T> EventData event(Contract<T> contract, @Nullable T payload, @Nullable Session sender) {
        EnvelopeForm<? super T> form = contract.envelope().orElse(null);
        return form == null
                ? payloads.event(contract, payload)
                : payloads.single(contract.name(), wrapped(form, contract, payload, sender));
    }

    @SuppressWarnings("NullAway") // the payload of an event without one
    private <T> @Nullable Object wrapped(
            EnvelopeForm<? super T> form, Contract<T> contract, @Nullable T payload, @Nullable Session sender) {
        Instant now = clock.get();
        Principal principal = sender == null ? null : sender.principal();
        Envelope envelope = new Envelope(
                contract.name(),
                now,
                principal == null || principal.anonymous() ? Optional.empty() : Optional.of(principal.id()),
                contract.category(),
                contract.expiresAfter().map(now::plus));
        return form.wrap(envelope, payload);
    }
}
