package dev.realtime.benchmarks.micro;

import com.sun.management.ThreadMXBean;
import dev.realtime.Event;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.SharedRates;
import dev.realtime.internal.limits.UserBudgets;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.memory.InMemoryBackend;
import dev.realtime.spi.Backend;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event that is admitted from a share which the node has reserved ahead, while the next one is being asked for: under its own limit, and under that of a category too. The
 * user sends half of what is allowed and has done so for longer than the window, so that nothing grows any more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RateShareBenchmark {
    private static final String EVENT = "game:move";
    private static final int EVENTS = 1_000;
    private static final int STEADY = 40_000; // more than a window's
    private static final long APART = Duration.ofMillis(2).toNanos();

    @Param({"1", "2"})
    int rules = 1;

    private final Clock clock = new Clock();
    private final Store store = new Store();
    private EventRates rates = rates();
    private UserBudgets ann = rates.budgets("user ann");

    private EventRates rates() {
        RateLimit.Rule limit = RateLimit.perMinute(60_000);
        Event<Void> event = Event.of(EVENT).limit(limit);
        if (rules > 1) {
            event = event.limit(limit.category("actions"));
        }
        SharedRates shared = new SharedRates(
                store,
                store.backend.leases(),
                "node",
                clock,
                Runnable::run,
                new SharedRates.Observer() {
                    @Override
                    public void exchanged() {}

                    @Override
                    public void admittedAlone() {}
                },
                new BoundedLog(clock::nanoTime));
        RateGate gate = new RateGate(clock, Runnable::run, 1 << 30, () -> {});
        return new EventRates(gate, Limits.DEFAULT, null, List.of(event.contract()), shared, "/");
    }

    /** Sends for longer than the window. */
    @Setup(Level.Trial)
    public void settle() {
        store.backend = InMemoryBackend.create();
        store.backend.runOn(clock);
        store.answerAll();
        rates = rates();
        ann = rates.budgets("user ann");
        for (int sent = 0; sent < STEADY; sent++) {
            send();
        }
    }

    /** Sends until half of the share is gone, and the next one is being asked for. */
    @Setup(Level.Invocation)
    public void reserve() {
        store.answerAll();
        store.answers = false;
        while (store.unanswered.size() < rules) {
            send();
        }
    }

    private long send() {
        clock.now += APART;
        long wait = ann.admit(rates.of(EVENT));
        while (wait == UserBudgets.ASK) {
            if (!store.answers) {
                throw new IllegalStateException("the share is used up");
            }
            ann.ask(rates.of(EVENT)).join();
            wait = ann.admit(rates.of(EVENT));
        }
        return wait;
    }

    /** What the events allocate: the profiler of JMH counts what it takes to reserve the share as well. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Allocated {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private long before;
        private long bytes;
        private long events;

        @Setup(Level.Iteration)
        public void reset() {
            bytes = 0;
            events = 0;
        }

        void begin() {
            before = THREADS.getCurrentThreadAllocatedBytes();
        }

        void end() {
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
            events += EVENTS;
        }

        public double bytesPerEvent() {
            return events == 0 ? 0 : (double) bytes / events;
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long admittedFromShare(Allocated allocated) {
        long waits = 0;
        allocated.begin();
        for (int i = 0; i < EVENTS; i++) {
            waits += send();
        }
        allocated.end();
        return waits;
    }

    /** Answers at once, or when it is told to. */
    private static final class Store implements Values {
        private final List<Runnable> unanswered = new ArrayList<>();
        private Backend backend = InMemoryBackend.create();
        private boolean answers = true;

        void answerAll() {
            answers = true;
            List<Runnable> waiting = List.copyOf(unanswered);
            unanswered.clear();
            waiting.forEach(Runnable::run);
        }

        @Override
        public CompletionStage<Value> find(String name) {
            return backend.values().find(name);
        }

        @Override
        public CompletionStage<Written> put(String name, long expected, @Nullable String text, Duration timeToLive) {
            if (answers) {
                return backend.values().put(name, expected, text, timeToLive);
            }
            CompletableFuture<Written> answer = new CompletableFuture<>();
            unanswered.add(() -> {
                var unused =
                        backend.values().put(name, expected, text, timeToLive).thenAccept(answer::complete);
            });
            return answer;
        }
    }

    /** Says what the benchmark wants. */
    private static final class Clock implements Time {
        private long now;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return now + (System.nanoTime() & 1);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }
}
