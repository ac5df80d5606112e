package dev.realtime.internal.session;

import dev.realtime.internal.limits.Pace;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The session records that a node keeps in its backend: for how long the store keeps them, and how fast each may be written. Thread-safe. */
public final class SessionRecords {
    private final SessionStore store;
    private final Time time;
    private final BooleanSupplier degraded;
    private final Duration window;
    private final Duration timeToLive;
    private final Pace writes;
    private final Counters counters;
    private final BoundedLog lines;
    private final EndedSessions ended;

    /** @param ended the sessions that have ended at this node */
    public SessionRecords(NodeContext context, EndedSessions ended) {
        this.store = context.backend().sessions();
        this.time = context.time();
        this.degraded = context.backend()::isDegraded;
        this.window = context.recovery().window();
        // a live session writes its record at least every half window
        this.timeToLive = window.multipliedBy(2)
                .plus(context.heartbeat().interval())
                .plus(context.heartbeat().timeout());
        this.writes = RecordWriteRate.pace(context.limits().recordsPerSecond());
        this.counters = context.counters();
        this.lines = context.lines();
        this.ended = ended;
    }

    /**
     * The record of a session at home here; parameters as for {@link OwnedRecord}.
     *
     * @param snapshot the session as it is now
     * @param untold see {@link RecordWriter}
     */
    OwnedRecord of(
            Supplier<SessionRecord> snapshot,
            Consumer<Home> claimed,
            Supplier<CompletionStage<Boolean>> writeRefused,
            Runnable untold) {
        RecordWriter writer = new RecordWriter(
                store,
                time,
                degraded,
                timeToLive,
                snapshot,
                writeRefused,
                untold,
                lines,
                new RecordWriteRate(writes, time, () -> counters.count(Counters.Name.RECORDS_DELAYED)));
        return new OwnedRecord(store, time, window, timeToLive, snapshot, claimed, writer, lines, ended);
    }
}
