package dev.realtime.testkit.simulation;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Runs one seed after the other on several threads until all are done or one has failed, and says which. */
final class SeedRunner {
    private static final long SEEDS_PER_DAY = 10_000_000;

    private final Simulator simulator;
    private final int threads;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong resumes = new AtomicLong();
    private final Map<Long, Supplier<AssertionError>> failures = new ConcurrentSkipListMap<>();

    SeedRunner(Simulator simulator, int threads) {
        this.simulator = simulator;
        this.threads = threads;
    }

    static long first() {
        String from = System.getProperty("simulation.from", "1");
        return from.equals("today") ? LocalDate.now(ZoneOffset.UTC).toEpochDay() * SEEDS_PER_DAY : Long.parseLong(from);
    }

    /** Runs one seed and prints its trace. */
    static SeedReport again(Simulator simulator, long seed) {
        SeedResult result = simulator.run(seed);
        System.out.println(result);
        if (!result.isClean()) {
            throw failure(result, "");
        }
        return new SeedReport(1, result.deliveries(), result.resumes());
    }

    SeedReport run(int seeds) {
        long first = first();
        long last = first + seeds - 1;
        checkRepeats(first);
        AtomicLong next = new AtomicLong(first);
        List<Thread> workers = new ArrayList<>();
        for (int count = 0; count < threads; count++) {
            Thread worker = new Thread(
                    () -> {
                        long seed;
                        while (failures.isEmpty() && (seed = next.getAndIncrement()) <= last) {
                            run(seed);
                        }
                    },
                    "simulation-seeds-" + count);
            workers.add(worker);
            worker.start();
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        for (Supplier<AssertionError> failure : failures.values()) {
            throw failure.get();
        }
        return new SeedReport(done.get(), deliveries.get(), resumes.get());
    }

    /** A game that asks the system's clock, or iterates over what has no order, makes every seed worthless. */
    private void checkRepeats(long seed) {
        SeedResult one = simulator.run(seed);
        SeedResult other = simulator.run(seed);
        for (int line = 0; line < one.trace().size() || line < other.trace().size(); line++) {
            String first = line < one.trace().size() ? one.trace().get(line) : "the end";
            String second = line < other.trace().size() ? other.trace().get(line) : "the end";
            if (!first.equals(second)) {
                throw new AssertionError("two runs of seed " + seed + " differ, so no seed could be run again; does the"
                        + " game use the system's clock, Math.random() or the order of a HashSet?\n  one: " + first
                        + "\n  the other: " + second);
            }
        }
    }

    private void run(long seed) {
        try {
            SeedResult result = simulator.run(seed);
            done.incrementAndGet();
            deliveries.addAndGet(result.deliveries());
            resumes.addAndGet(result.resumes());
            if (!result.isClean()) {
                failures.put(seed, () -> failure(result, again(seed)));
            }
        } catch (CompletionException e) {
            failures.put(seed, () -> new AssertionError("seed " + seed + " threw " + e.getCause() + again(seed), e));
        }
    }

    private static AssertionError failure(SeedResult result, String hint) {
        return new AssertionError(result + hint);
    }

    private static String again(long seed) {
        return "\nrun it again with -Dsimulation.seed=" + seed;
    }
}
