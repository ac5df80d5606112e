package dev.realtime.internal.node;

import dev.realtime.Authenticator;
import dev.realtime.Recovery;
import dev.realtime.events.ClientEvents;
import dev.realtime.internal.limits.NodeLimits;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.logs.SlowHandlers;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.internal.system.Workers;
import dev.realtime.internal.traces.Traces;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Ids;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Time;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.Origins;
import dev.realtime.transport.Transport;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The checked options of one node, the seams it stands on, and its counters.
 *
 * @param lease how long this node may be silent before the others take it for dead
 * @param lines writes what clients and peers can cause to be logged
 * @param logs says whose code runs
 * @param traces what is part of them
 * @param authenticator null: everybody is anonymous, everywhere
 * @param shares how much of the application's code the clients of one address may have running
 * @param nodeLimits what its limits share
 * @param users null: nothing is decided about users at run time
 * @param inbound what clients have sent and nobody has handled yet, counted for the whole node
 * @param outbound what clients that are behind make it hold
 * @param lifetime whether the application may ask for anything, and what it waits for
 */
public record NodeContext(
        String node,
        @Nullable Authenticator authenticator,
        Recovery recovery,
        Heartbeat heartbeat,
        Limits limits,
        OutboxLimits outbox,
        Compression compression,
        @Nullable Cookie cookie,
        Origins origins,
        Set<Transport> transports,
        String path,
        String refreshEvent,
        String authenticateEvent,
        ClientEvents clientEvents,
        JsonCodec json,
        Time time,
        CredentialClock credentialClock,
        Ids ids,
        Workers workers,
        HandlerShares shares,
        Backend backend,
        Duration lease,
        @Nullable UserRules users,
        Counters counters,
        BoundedLog lines,
        LogContext logs,
        Traces traces,
        SlowHandlers slowHandlers,
        NodeLimits nodeLimits,
        InboundBudget inbound,
        OutboundBudget outbound,
        Lifetime lifetime) {

    /** How long logs and windows remember: what a session may ask for at the last moment of its window. */
    public Duration retention() {
        return recovery.isOn()
                ? recovery.window()
                        .plus(recovery.window().dividedBy(2))
                        .plus(heartbeat.interval())
                        .plus(heartbeat.timeout())
                : Duration.ZERO;
    }

    /** What everything needs that runs by itself. */
    public NodeRuntime runtime() {
        return new NodeRuntime(node, time, workers, counters, lines, logs, traces);
    }

    /** Says why clients were refused. */
    public RefusalLog refusals() {
        return new RefusalLog(lines);
    }

    /** Messages of one session that may wait to be handled. */
    public int inboxLimit() {
        return limits.maxPendingEvents();
    }
}
