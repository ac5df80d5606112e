package dev.realtime.internal.engineio;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.Offender;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.outbox.OutboundMessage.Kind;
import dev.realtime.limits.Overflow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room when clients that are behind hold too much of the node: of those who hold most, first what may be lost, and then, if that is not enough,
 * they are let go one after the other until a quarter is free. Their sessions stay recoverable. Thread-safe.
 */
final class OutboundRelief {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundRelief.class);

    private final NodeRuntime runtime;
    private final OutboundBudget budget;
    private final Overflow overflow;
    private final Collection<EngineSocket> sockets;

    /** @param sockets a live view, safe to be walked through while it changes */
    OutboundRelief(NodeRuntime runtime, OutboundBudget budget, Overflow overflow, Collection<EngineSocket> sockets) {
        this.runtime = runtime;
        this.budget = budget;
        this.overflow = overflow;
        this.sockets = sockets;
    }

    /** From now on it does so whenever it has to. */
    void start() {
        // not in the turn of whoever wrote the message that was one too many
        budget.relieveWith(() -> runtime.workers().execute(this::relieve));
    }

    private void relieve() {
        try {
            long before = budget.used();
            List<Offender> worst = worstFirst();
            int dropped = drop(Kind.VOLATILE, worst);
            if (overflow == Overflow.DROP_OLDEST) {
                dropped += drop(Kind.RELIABLE, worst);
            }
            int disconnected = disconnect(worst);
            runtime.lines()
                    .warn(
                            LOG,
                            runtime.node(),
                            "{} clients that do not read hold {} of {} bytes: {} messages were dropped and {} of them disconnected",
                            worst.size(),
                            before,
                            budget.limit(),
                            dropped,
                            disconnected);
        } finally {
            budget.endRelief();
        }
    }

    private List<Offender> worstFirst() {
        List<Offender> offenders = new ArrayList<>();
        long now = runtime.time().nanoTime();
        for (EngineSocket socket : sockets) {
            Offender offender = socket.outbox().offender(now);
            if (offender != null) {
                offenders.add(offender);
            }
        }
        offenders.sort(Offender.WORST_FIRST);
        return offenders;
    }

    /** Returns how many messages. */
    private int drop(Kind kind, List<Offender> worst) {
        int dropped = 0;
        for (Offender each : worst) {
            if (budget.isRelieved()) {
                break;
            }
            dropped += each.outbox().relieve(kind);
        }
        runtime.counters().count(Counters.Name.OUTBOUND_DROPPED, dropped);
        return dropped;
    }

    /** Returns how many clients. */
    private int disconnect(List<Offender> worst) {
        int disconnected = 0;
        for (Offender each : worst) {
            if (budget.isRelieved()) {
                break;
            }
            if (each.outbox().crowdOut()) {
                disconnected++;
            }
        }
        return disconnected;
    }
}
