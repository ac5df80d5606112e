package dev.realtime.internal.node;

import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.system.Workers;
import dev.realtime.internal.traces.Traces;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;

/**
 * What everything needs that runs on a node by itself: its clock and its threads, and where it counts and logs.
 *
 * @param node the id of the node
 * @param lines writes what clients and peers can cause to be logged
 * @param logs says whose code runs
 * @param traces what is part of them
 */
public record NodeRuntime(
        String node, Time time, Workers workers, Counters counters, BoundedLog lines, LogContext logs, Traces traces) {

    /** Where nobody wants to know whose code runs, or follows it. */
    public NodeRuntime(String node, Time time, Workers workers, Counters counters, BoundedLog lines) {
        this(node, time, workers, counters, lines, LogContext.OFF, Traces.OFF);
    }
}
