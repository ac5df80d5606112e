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

/** One event that is admitted from a share which the node has reserved ahead, while the next one is being asked for: under its own limit, and under that of a category too. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RateShareBenchmark {
    private static final String EVENT = "game:move";
    private static final int EVENTS = 1_000;
    private static final int SHARE = 4 * EVENTS;

    @Param({"1", "2"})
    int rules = 1;

    private final Clock clock = new Clock();
    private final Store store = new Store(clock);
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

    /** Sends until the share is large, and half of it is gone. */
    @Setup(Level.Invocation)
    public void reserve() {
        store.backend = InMemoryBackend.create();
        store.backend.runOn(clock);
        store.answers = true;
        rates = rates();
        ann = rates.budgets("user ann");
        for (int sent = 0; sent < SHARE; sent++) {
            send();
        }
        store.answers = false;
        store.asked = 0;
        while (store.asked < rules) {
            send();
        }
    }

    private long send() {
        clock.now += 100_000;
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

    /**
     * What the events allocate: the profiler of JMH counts what it takes to reserve the share as well. The 98 bytes an event and rule are the ring of the
     * times that count, which grows once in the thousand events that are measured (4 bytes a time, twice as long as before).
     */
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

    /** Answers at once, or not at all. */
    private static final class Store implements Values {
        private Backend backend = InMemoryBackend.create();
        private boolean answers = true;
        private int asked;

        Store(Time clock) {
            backend.runOn(clock);
        }

        @Override
        public CompletionStage<Value> find(String name) {
            return backend.values().find(name);
        }

        @Override
        public CompletionStage<Written> put(String name, long expected, @Nullable String text, Duration timeToLive) {
            asked++;
            return answers ? backend.values().put(name, expected, text, timeToLive) : new CompletableFuture<>();
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
