package dev.realtime.internal.schedule;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.system.UserStage;
import dev.realtime.schedule.Schedule;
import dev.realtime.schedule.ScheduleFullException;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.schedule.ScheduledPage;
import dev.realtime.spi.Ids;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Bounds;
import dev.realtime.spi.Queues.Item;
import dev.realtime.spi.Queues.Outcome;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Queues.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schedule of a namespace, as one node works on it. Each job stands in a queue that all nodes share. A node takes what is due, appends it to the log under
 * the job's id, and removes it. Whatever is killed in between, the job is still there, and the log recognises what it has. A job is cancelled by
 * forbidding its id, so the log alone decides which of the two was first. Thread-safe.
 */
public final class NamespaceSchedule implements Schedule {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceSchedule.class);
    /** How many a look takes at most, beside those that have just failed; the next one follows at once. */
    private static final int BATCH = 50;
    /** Those that have just failed included. */
    private static final int MOST_TAKEN = 1_000;
    /** For longer than any node holds a job that it has taken, or one is still in the queue that was emitted. */
    private static final Duration REMEMBERED = Duration.ofHours(1);
    /** How long it is known that an event was to be cancelled: less than the log remembers what became of it. */
    private static final Duration CANCELLED = Duration.ofMinutes(30);
    /** Of events that were to be cancelled. The oldest go. */
    private static final Bounds MOST_CANCELLED = new Bounds(10_000, 1 << 20, true);
    /** In the log, before the ids of what was scheduled: those of other things are of no schedule. */
    private static final String IN_LOG = "schedule:";
    /** What is emitted later than that is late. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private static final int LARGEST_PAGE = 1_000;

    private final String namespace;
    private final String queue;
    private final String cancelled; // a queue of those that were to be cancelled
    private final ScheduleOptions options;
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final Queues queues;
    private final Log log;
    private final Ids ids;
    private final Duration lease;
    private final ScheduleClock clock;
    private final JobOwners owners;
    private final QueueSize size;
    private volatile int failing; // of those that the last look has taken

    public NamespaceSchedule(
            String namespace,
            ScheduleOptions options,
            NodeRuntime runtime,
            Lifetime lifetime,
            Queues queues,
            Log log,
            Ids ids,
            Duration lease) {
        this.namespace = namespace;
        this.queue = "schedule:" + namespace;
        this.cancelled = "schedule.cancelled:" + namespace;
        this.options = options;
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.queues = queues;
        this.log = log;
        this.ids = ids;
        this.lease = lease;
        this.owners = new JobOwners(queues, namespace, queue, options.maxEventsPerUser());
        this.size = new QueueSize(queues, queue, runtime.time()::nanoTime);
        this.clock = new ScheduleClock(runtime.time(), runtime.workers(), options.lookEvery(), this::look);
    }

    public void start() {
        clock.start();
    }

    /** This node emits nothing more; the others do. */
    public void stop() {
        clock.stop();
    }

    /** How many events wait on it, whichever node has put them there. */
    long waiting() {
        return size.last();
    }

    /**
     * Puts an event on the schedule.
     *
     * @param owner for whom it counts; empty: for nobody
     * @throws IllegalArgumentException if it is for one node, or the delay is too long
     */
    public CompletionStage<ScheduledEvent> emitAfter(Duration delay, String name, LogEntry.Emit emit, String owner) {
        if (delay.isNegative() || delay.compareTo(options.longestDelay()) > 0) {
            throw new IllegalArgumentException("delay must be between 0 s and " + options.longestDelay()
                    + " (ScheduleOptions.longestDelay), but is " + delay);
        }
        if (emit.target().node() != null) {
            throw new IllegalArgumentException(
                    "an audience of one node cannot get an event later: the node may be gone by then; leave out local()");
        }
        String id = ids.next();
        Item item = new Item(id, 0, JobText.of(name, emit, owner), delay, delay.plus(options.lateBy()));
        return forUser(() -> owner.isEmpty()
                ? put(item, name)
                : owners.takePlace(owner, id, item.life()).thenCompose(taken -> {
                    if (!taken) {
                        runtime.counters().count(Counters.Name.SCHEDULE_REFUSED);
                        throw new EventRefusedException(ErrorCode.TOO_MANY_SCHEDULED);
                    }
                    return put(item, name).whenComplete((done, failure) -> {
                        if (failure instanceof CompletionException e && e.getCause() instanceof ScheduleFullException) {
                            var unused = owners.givePlaces(owner, List.of(id));
                        }
                    });
                }));
    }

    private CompletionStage<ScheduledEvent> put(Item item, String name) {
        Bounds bounds = new Bounds(options.maxEvents(), options.maxBytes(), false);
        return queues.put(queue, item, bounds).thenApply(added -> {
            Instant due = added.due();
            if (added.outcome() == Outcome.REFUSED || due == null) {
                runtime.counters().count(Counters.Name.SCHEDULE_REFUSED);
                throw new ScheduleFullException(namespace, options.maxEvents(), options.maxBytes());
            }
            clock.scheduled(due, added.at());
            runtime.counters().count(Counters.Name.SCHEDULE_SCHEDULED);
            return new ScheduledEvent(item.id(), name, due);
        });
    }

    private <T> CompletionStage<T> forUser(Supplier<CompletionStage<T>> call) {
        IllegalStateException end = lifetime.end();
        return end == null
                ? UserStage.of(
                        lifetime.within(call.get()),
                        runtime.logs().here(runtime.workers().handlers()))
                : CompletableFuture.failedFuture(end);
    }

    @Override
    public CompletionStage<ScheduledPage> list(@Nullable String from, int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("limit must be between 1 and " + LARGEST_PAGE + ", but is " + limit);
        }
        return forUser(() -> queues.list(queue, from, limit).thenApply(page -> {
            List<Queued> items = page.items();
            Optional<String> next = items.size() < limit
                    ? Optional.empty()
                    : Optional.of(items.get(limit - 1).place());
            return new ScheduledPage(
                    items.stream()
                            .map(item -> new ScheduledEvent(item.id(), JobText.name(item.text()), item.due()))
                            .toList(),
                    next);
        }));
    }

    @Override
    public CompletionStage<Boolean> cancel(String id) {
        Range.wellFormed("id", id);
        List<String> ids = List.of(id);
        return forUser(() -> Ids.isId(id)
                ? queues.find(queue, ids)
                        .thenCompose(found -> found.items().isEmpty()
                                ? cancelAgain(id)
                                : cancelWaiting(id, found.items().get(0)))
                : CompletableFuture.completedFuture(false));
    }

    /** Before anything else it is written down that it was here, so that whoever asks again is told the same. */
    private CompletionStage<Boolean> cancelWaiting(String id, Queued job) {
        Item note = new Item(id, 0, "cancelled", Duration.ZERO, CANCELLED);
        return queues.put(cancelled, note, MOST_CANCELLED)
                .thenCompose(noted -> isPrevented(id))
                .thenCompose(prevented -> removed(List.of(job)).thenApply(removed -> prevented));
    }

    /** What is not on the schedule is not on its way into the log: that is told of what was cancelled, and nothing else. */
    private CompletionStage<Boolean> cancelAgain(String id) {
        return queues.find(cancelled, List.of(id))
                .thenCompose(before ->
                        before.items().isEmpty() ? CompletableFuture.completedFuture(false) : isPrevented(id));
    }

    private CompletionStage<Boolean> isPrevented(String id) {
        return log.forbid(IN_LOG + id, REMEMBERED).thenApply(once -> once.position() == null);
    }

    /** Emits what is due; one look at a time. */
    private void look() {
        var unused = CompletableFuture.completedFuture(Math.min(BATCH + failing, MOST_TAKEN))
                .thenCompose(limit -> queues.take(queue, limit, lease, runtime.node()))
                .thenCompose(this::emit)
                .whenComplete((taken, failure) -> {
                    if (taken == null) {
                        clock.looked(null, null); // what was taken is still ours, and is taken again
                    } else {
                        clock.looked(taken.next(), taken.at());
                    }
                });
    }

    /** Completes when those that are done with are removed; the others are taken again. Fails if all have failed. */
    private CompletionStage<Taken> emit(Taken taken) {
        List<Queued> jobs = taken.items();
        List<CompletableFuture<Boolean>> all = jobs.stream()
                .map(job -> emit(job, taken.at()).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenCompose(every -> {
            List<Queued> done = new ArrayList<>();
            for (int i = 0; i < jobs.size(); i++) {
                if (all.get(i).join()) {
                    done.add(jobs.get(i));
                }
            }
            failing = jobs.size() - done.size();
            if (!done.isEmpty()) {
                return removed(done).thenApply(removed -> taken);
            }
            return jobs.isEmpty()
                    ? CompletableFuture.completedFuture(taken)
                    : CompletableFuture.failedFuture(new IllegalStateException("nothing could be emitted"));
        });
    }

    /** Completes when jobs have left the schedule. Their owners have their places back soon after. */
    private CompletionStage<Queues.Removed> removed(List<Queued> jobs) {
        return queues.remove(queue, jobs.stream().map(Queued::id).toList()).whenComplete((removed, failure) -> {
            if (failure == null) {
                Map<String, List<String>> byOwner = new HashMap<>();
                for (Queued job : jobs) {
                    byOwner.computeIfAbsent(owner(job), name -> new ArrayList<>())
                            .add(job.id());
                }
                byOwner.remove("");
                byOwner.forEach(owners::givePlaces);
            }
        });
    }

    private static String owner(Queued job) {
        try {
            return JobText.owner(job.text());
        } catch (IllegalArgumentException e) {
            return ""; // written by a newer version, which knows
        }
    }

    /** Completes with whether it is done with. */
    private CompletionStage<Boolean> emit(Queued job, Instant now) {
        CompletionStage<Log.Once> appended;
        try {
            LogEntry.Emit emit = JobText.emit(job.text());
            appended = log.appendOnce(IN_LOG + job.id(), emit, REMEMBERED);
        } catch (IllegalArgumentException e) {
            runtime.counters().count(Counters.Name.SCHEDULE_FAILED);
            runtime.lines()
                    .error(LOG, namespace, "a scheduled event of {} cannot be emitted and is left out", namespace, e);
            return CompletableFuture.completedFuture(true);
        } catch (RuntimeException | Error e) {
            appended = CompletableFuture.failedFuture(e);
        }
        return appended.handle((once, failure) -> {
            if (failure != null) {
                runtime.lines()
                        .warn(
                                LOG,
                                namespace,
                                "a scheduled event of {} is not in the log yet and is tried again",
                                namespace,
                                failure);
            } else if (once.isNew()) {
                emitted(Duration.between(job.due(), now));
            }
            return failure == null;
        });
    }

    private void emitted(Duration late) {
        Counters counters = runtime.counters();
        counters.count(Counters.Name.LOG_APPENDED);
        counters.count(Counters.Name.SCHEDULE_EMITTED);
        if (late.compareTo(LATE) > 0) {
            counters.count(Counters.Name.SCHEDULE_LATE);
            counters.count(Counters.Name.SCHEDULE_LATE_MS, late.toMillis());
        }
    }
}
