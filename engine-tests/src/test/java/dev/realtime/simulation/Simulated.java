package dev.realtime.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.testkit.simulation.ClusterFault;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SeedReport;
import dev.realtime.testkit.simulation.SeedResult;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.Simulator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What is simulated: a scenario for each feature, under what may go wrong in it. A mutant names the one that is to find it.
 *
 * <p>{@code -Dsimulation.percent=2000} runs twenty times as many seeds as a build does. {@code -Dsimulation.seed=7} runs one again and shows its trace, {@code
 * -Dsimulation.seeds=500} runs so many, {@code -Dsimulation.from=1000} from there on, {@code -Dsimulation.from=today} from a seed that no other day begins
 * with.
 */
public enum Simulated {
    /** Delivery, sessions, rooms, recovery, batches, expiry, lifecycle events. */
    LIBRARY(LibraryScenario.simulator(false)),
    PRESENCE(LibraryScenario.simulator(true)),
    USERS(of(UsersScenario::new, ClusterFault.DATA_LOSS)),
    LIMITS(of(LimitsScenario::new)),
    SCHEDULE(of(ScheduleScenario::new, ClusterFault.LONG_FREEZE, ClusterFault.DATA_LOSS)),
    MAIL(of(MailScenario::new, ClusterFault.LONG_FREEZE, ClusterFault.DATA_LOSS)),
    IDEMPOTENCY(of(IdempotencyScenario::new)),
    STATES(of(StatesScenario::new)),

    // for mutants that few of the usual runs show; what is named twice strikes more often

    /** A node does not get through to the log when something is due. */
    UNHEARD(Simulator.of(ScheduleScenario::new)
            .faults(ScheduleScenario.CUT_WHEN_DUE, ScheduleScenario.CUT_WHEN_DUE, ClusterFault.SLOW_LINE)),
    /** Clients stop reading, and what comes for their rooms is put down for them together. */
    STALLED(LibraryScenario.stalling());

    private static final int PERCENT = Integer.getInteger("simulation.percent", 100);

    private final Simulator simulator;

    Simulated(Simulator simulator) {
        this.simulator = simulator;
    }

    /**
     * Runs so many seeds until one fails, whose trace it shows.
     *
     * @param usual in a build
     * @param least how much is to be looked at in each, on average: a run in which nothing happens shows nothing
     */
    SeedReport run(int usual, long least) {
        SeedReport report = simulator.seeds(seeds(usual)).run();
        if (report.seeds() > 1) {
            assertThat(report.deliveries()).as("what was looked at").isGreaterThan(least * report.seeds());
        }
        return report;
    }

    /** How many seeds to run where a build runs so many. */
    static int seeds(int usual) {
        return Math.max(1, Math.toIntExact((long) usual * PERCENT / 100));
    }

    /** Runs one seed. */
    public SeedResult run(long seed) {
        return simulator.run(seed);
    }

    /** The same by name, for {@link MutatedEngine}, whose class of this name is another one. */
    public static SeedResult run(String name, long seed) {
        return valueOf(name).run(seed);
    }

    /** The options that all scenarios have: windows and leases that fit into a run. */
    static RealtimeBuilder options() {
        return Realtime.builder()
                .recovery(Recovery.within(RecordingGame.WINDOW))
                .heartbeat(RecordingGame.HEARTBEAT)
                .lease(RecordingGame.LEASE)
                .limits(RecordingGame.LIMITS);
    }

    /** @param more faults than any scenario has */
    private static Simulator of(Function<SimulatedCluster, Scenario> scenario, ClusterFault... more) {
        List<ClusterFault> faults = new ArrayList<>(List.of(
                ClusterFault.KILL,
                ClusterFault.KILL_IN_THE_MIDDLE,
                ClusterFault.FREEZE,
                ClusterFault.PARTITION,
                ClusterFault.ONE_WAY_PARTITION,
                ClusterFault.SLOW_LINE,
                ClusterFault.CLOCK_JUMP,
                ClusterFault.STOP,
                ClusterFault.ROLLING_RESTART,
                ClusterFault.FAILOVER));
        faults.addAll(List.of(more));
        return Simulator.of(scenario).faults(faults.toArray(ClusterFault[]::new));
    }
}
