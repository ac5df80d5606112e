package dev.realtime.testkit.simulation;

import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a {@link Scenario} on a cluster that lives for half a minute of virtual time while whatever can go wrong does, all drawn from one seed. Then
 * everything heals, and what must be true is checked. The same seed gives the same run, to the last letter of its trace.
 *
 * <p>{@link Simulation} is the way to test a game. This is what it runs on, for scenarios of your own:
 *
 * <pre>{@code
 * SeedResult result = Simulator.of(cluster -> new Tournament(cluster)).run(4711);
 * assertThat(result.violations()).isEmpty();
 * }</pre>
 *
 * <p>Whatever the scenario checks itself, these are checked: after the last client has gone no node has sessions, connections, budgets, places, rates or
 * timers of clients, and the backend has no records, no leases of nodes that do not run, and nobody to be taken over; no task of an engine has thrown,
 * and no engine has broken the rules of its transport. Immutable: each method returns a changed copy.
 */
public final class Simulator {
    private static final Duration TROUBLE = Duration.ofMillis(3_500);
    private static final Duration RECOVERY = Duration.ofSeconds(7);
    private static final Duration LAST_WORDS = Duration.ofMillis(1_500);
    /** Longer than a short window, two leases, and the life of a record that nobody renews. */
    private static final Duration AFTERMATH = Duration.ofSeconds(12);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** One seed of so many waits until a node has forgotten its clients: that takes minutes. */
    private static final int PATIENT = 8;

    private static final int SEEDS = 1_000;

    private Function<SimulatedCluster, Scenario> scenario;
    private List<ClusterFault> faults = ClusterFault.ALL;
    private int leastNodes = 2;
    private int mostNodes = 3;
    private Duration trouble = TROUBLE;
    private Duration patience = PATIENCE;
    private int seeds = SEEDS;
    private int threads = Runtime.getRuntime().availableProcessors();

    private Simulator(Function<SimulatedCluster, Scenario> scenario) {
        this.scenario = scenario;
    }

    private Simulator with(Consumer<Simulator> change) {
        Simulator copy = new Simulator(scenario);
        copy.faults = faults;
        copy.leastNodes = leastNodes;
        copy.mostNodes = mostNodes;
        copy.trouble = trouble;
        copy.patience = patience;
        copy.seeds = seeds;
        copy.threads = threads;
        change.accept(copy);
        return copy;
    }

    /** Returns a simulator of scenarios that this makes, one for each run. */
    public static Simulator of(Function<SimulatedCluster, Scenario> scenario) {
        return new Simulator(Objects.requireNonNull(scenario, "scenario"));
    }

    /** Runs other scenarios under the same circumstances. */
    Simulator scenario(Function<SimulatedCluster, Scenario> other) {
        return with(copy -> copy.scenario = other);
    }

    /** Sets which faults a run may have; default {@link ClusterFault#ALL}, none for none. Their order belongs to what a seed means. */
    public Simulator faults(ClusterFault... value) {
        List<ClusterFault> all = List.of(value);
        return with(copy -> copy.faults = all);
    }

    /**
     * Sets how many nodes a cluster has, by its seed; default two or three.
     *
     * @throws IllegalArgumentException unless {@code least} is at least 1, and {@code most} not below it
     */
    public Simulator nodes(int least, int most) {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException(
                    "nodes must be at least 1, and most not below least, but are " + least + " to " + most);
        }
        return with(copy -> {
            copy.leastNodes = least;
            copy.mostNodes = most;
        });
    }

    /**
     * Sets for how much virtual time things go wrong; default 3.5 s.
     *
     * @throws IllegalArgumentException unless it is between 1 s and 1 h
     */
    public Simulator trouble(Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("trouble must be between 1 s and 1 h, but is " + value);
        }
        return with(copy -> copy.trouble = value);
    }

    /**
     * Sets for how much virtual time sessions may wait for clients that have left before they count as left behind; default 5 min. To be longer than the
     * recovery window of the engines.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Simulator patience(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative, but is " + value);
        }
        return with(copy -> copy.patience = value);
    }

    /**
     * Sets how many seeds {@link #run()} runs; default 1,000.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public Simulator seeds(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("seeds must be at least 1, but is " + value);
        }
        return with(copy -> copy.seeds = value);
    }

    /**
     * Sets how many threads run seeds side by side; default as many as the machine has processors.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public Simulator threads(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + value);
        }
        return with(copy -> copy.threads = value);
    }

    /**
     * Runs the seeds until one fails; {@link Simulation} says which system properties change what is run.
     *
     * @return how much was looked at, for a test that wants to know that it was something
     * @throws AssertionError with the first seed that failed, what is wrong and its trace
     */
    public SeedReport run() {
        Long only = Long.getLong("simulation.seed");
        return only != null
                ? SeedRunner.again(this, only)
                : new SeedRunner(this, threads).run(Integer.getInteger("simulation.seeds", seeds));
    }

    /**
     * Runs one seed, on a thread of its own: what a killed node has left in the thread's locals, and would keep the whole cluster, ends with it.
     *
     * @throws CompletionException with what the run has thrown
     */
    public SeedResult run(long seed) {
        FutureTask<SeedResult> run = new FutureTask<>(() -> play(seed));
        Thread thread = new Thread(run, "simulation-" + seed);
        thread.start();
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private SeedResult play(long seed) {
        int size = leastNodes + (int) Math.floorMod(seed, (long) mostNodes - leastNodes + 1);
        SimulatedCluster cluster = new SimulatedCluster(seed, size, faults);
        Scenario played = scenario.apply(cluster);
        cluster.play(played);
        cluster.start();
        played.start();
        cluster.faults().start();
        cluster.cluster().advance(trouble);

        cluster.note("everything heals");
        cluster.faults().calmDown();
        played.calmDown();
        cluster.heal();
        cluster.cluster().advance(RECOVERY);
        played.speak();
        cluster.cluster().advance(LAST_WORDS);
        played.check();

        played.leave();
        ResidueCheck residue = new ResidueCheck(cluster);
        Duration waited = Duration.ZERO;
        do {
            cluster.cluster().advance(AFTERMATH);
            waited = waited.plus(AFTERMATH);
        } while (waited.compareTo(patience) < 0 && !residue.isEmpty());
        residue.checkNodes();
        played.checkGone();
        residue.checkBackend();
        if (seed % PATIENT == 0) {
            residue.checkForgotten();
        }
        for (TestNode node : cluster.cluster().nodes()) {
            node.violationsOfTheTransport().forEach(text -> cluster.violation("the transport's rules: " + text));
            node.kill();
        }
        cluster.cluster()
                .executor()
                .failures()
                .forEach(failure -> cluster.violation("a task of an engine has thrown " + failure));
        return new SeedResult(
                seed,
                cluster.trace().hash(),
                played.deliveries(),
                played.resumes(),
                List.copyOf(cluster.violations()),
                List.copyOf(cluster.trace().lines()));
    }
}
