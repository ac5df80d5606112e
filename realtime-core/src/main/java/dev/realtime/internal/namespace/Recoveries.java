package dev.realtime.internal.namespace;

import dev.realtime.internal.node.NodeContext;

/**
 * What all sessions that come back to a node share.
 *
 * @param lane where their portions are collected
 * @param gate the pace at which they are let in
 * @param returns what is remembered of those who get no further
 */
record Recoveries(ReplayLane lane, ResumeGate gate, Returns returns) {
    static Recoveries of(NodeContext context) {
        return new Recoveries(
                new ReplayLane(context.workers()),
                new ResumeGate(context.limits(), context.time()),
                new Returns(context.time(), context.recovery().window()));
    }
}
