package dev.realtime.internal.engine;

import dev.realtime.health.MemoryAccount;
import dev.realtime.health.MemoryAccount.Part;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.namespace.HeldBytes;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.system.Heap;
import dev.realtime.spi.InboundBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an engine holds in memory. Thread-safe. */
final class EngineMemory {
    private final InboundBudget inbound;
    private final OutboundBudget outbound;
    private final RateGate rates;
    private final long maxRateBytes;
    private final Namespaces namespaces;
    private final Heap heap;

    EngineMemory(
            InboundBudget inbound,
            OutboundBudget outbound,
            RateGate rates,
            long maxRateBytes,
            Namespaces namespaces,
            Heap heap) {
        this.inbound = inbound;
        this.outbound = outbound;
        this.rates = rates;
        this.maxRateBytes = maxRateBytes;
        this.namespaces = namespaces;
        this.heap = heap;
    }

    /** As it is now. */
    MemoryAccount account() {
        List<Part> parts = new ArrayList<>();
        for (InboundBudget.Use use : InboundBudget.Use.values()) {
            parts.add(new Part(use.name().toLowerCase(Locale.ROOT), inbound.used(use), inbound.limit(use), true));
        }
        parts.add(new Part("outbound", outbound.used(), outbound.limit(), true));
        HeldBytes held = namespaces.held();
        parts.add(new Part("replay", held.replay(), held.replayLimit(), false));
        parts.add(new Part("rates", rates.bytes(), maxRateBytes, false));
        parts.add(new Part("presence", held.presence(), 0, false));
        parts.add(new Part("state", held.states(), 0, false));
        parts.add(new Part("mail", held.mail(), 0, false));
        return new MemoryAccount(parts, heap.used(), heap.max());
    }

    /** The same for metrics. */
    void gauges(Map<String, Long> values) {
        for (Part part : account().parts()) {
            values.put("memory.used." + part.name(), part.used());
            if (part.limit() > 0) {
                values.put("memory.limit." + part.name(), part.limit());
            }
        }
    }
}
