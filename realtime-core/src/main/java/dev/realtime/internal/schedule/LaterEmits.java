package dev.realtime.internal.schedule;

import dev.realtime.schedule.Schedule;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the audiences of a namespace emit later, where that is switched on. Thread-safe. */
public final class LaterEmits {
    private final String namespace;
    private final Time time;
    private final @Nullable NamespaceSchedule schedule;

    /** @param schedule null where it is off */
    public LaterEmits(String namespace, Time time, @Nullable NamespaceSchedule schedule) {
        this.namespace = namespace;
        this.time = time;
        this.schedule = schedule;
    }

    public boolean isOn() {
        return schedule != null;
    }

    /** How many events wait, in the whole cluster; 0 where it is off. */
    public long waiting() {
        return schedule == null ? 0 : schedule.waiting();
    }

    private NamespaceSchedule on() {
        if (schedule == null) {
            throw new IllegalStateException(
                    "the schedule is off in " + namespace + "; NamespaceSetup.schedule switches it on");
        }
        return schedule;
    }

    /** @throws IllegalStateException where it is off */
    public Schedule schedule() {
        return on();
    }

    /** How long it is until then; nothing if it is past. */
    public Duration until(Instant moment) {
        Duration left = Duration.between(time.now(), moment);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Emits an event later.
     *
     * @param owner for whom it counts; empty: for nobody
     */
    public CompletionStage<ScheduledEvent> emitAfter(Duration delay, String name, LogEntry.Emit emit, String owner) {
        return on().emitAfter(delay, name, emit, owner);
    }

    public void start() {
        if (schedule != null) {
            schedule.start();
        }
    }

    /** This node emits nothing more that is due. */
    public void stop() {
        if (schedule != null) {
            schedule.stop();
        }
    }
}
