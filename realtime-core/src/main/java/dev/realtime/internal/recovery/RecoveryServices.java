package dev.realtime.internal.recovery;

import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.session.Payloads;
import dev.realtime.internal.users.UserDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions that come back to a node share.
 *
 * @param isOn whether sessions are kept for their clients at all
 * @param replayQueue where their portions are collected
 * @param gate the pace at which they are let in
 * @param attempts what is remembered of those who get no further
 * @param users what is decided about users; null: nothing
 * @param refusals how those hear of it who are not let in
 */
public record RecoveryServices(
        boolean isOn,
        ReplayQueue replayQueue,
        ResumeGate gate,
        ReplayAttempts attempts,
        ConnectRefusals refusals,
        @Nullable UserDirectory users) {
    public static RecoveryServices of(NodeContext context, RateGate rates, @Nullable UserDirectory users) {
        return new RecoveryServices(
                context.recovery().isOn(),
                new ReplayQueue(context.workers(), context.lines()),
                new ResumeGate(context.limits(), rates),
                new ReplayAttempts(context.time(), context.recovery().window()),
                new ConnectRefusals(payloads(context), context.lines()),
                users);
    }

    private static Payloads payloads(NodeContext context) {
        return new Payloads(context.json(), context.limits().maxEventSize(), () -> {});
    }
}
