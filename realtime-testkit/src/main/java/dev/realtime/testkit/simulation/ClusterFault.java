package dev.realtime.testkit.simulation;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Something that may go wrong with the nodes of a cluster or with what they share. A run draws from its seed which faults it has, each with the chance
 * that the fault names, and what it has strikes again and again, at random moments, until everything heals.
 *
 * <p>A fault of your own is made by {@link #of}, such as a game that bans a user in the middle of it all.
 */
public final class ClusterFault {
    private static final int USUAL = 3;
    private static final int RARE = 8;

    /** {@code kill -9}: a node ends and says nothing; it is started again some time later. */
    public static final ClusterFault KILL = new ClusterFault("kill", USUAL, FaultInjector::kill);

    /** As {@link #KILL}, between two things that the node tells the backend. */
    public static final ClusterFault KILL_IN_THE_MIDDLE =
            new ClusterFault("kill in the middle", USUAL, FaultInjector::killInTheMiddle);

    /** A node stands still for up to 550 ms, as in a collection of garbage. */
    public static final ClusterFault FREEZE = new ClusterFault("freeze", USUAL, FaultInjector::freeze);

    /** A node stands still for between one and 3.5 s: longer than its lease, and it comes back after it was taken for dead. */
    public static final ClusterFault LONG_FREEZE = new ClusterFault("long freeze", USUAL, FaultInjector::freezeForLong);

    /** A node and the backend do not hear each other for up to 2.5 s; clients still reach it. */
    public static final ClusterFault PARTITION = new ClusterFault("partition", USUAL, FaultInjector::partition);

    /** One of a node and the backend does not hear the other for up to 2.5 s. */
    public static final ClusterFault ONE_WAY_PARTITION =
            new ClusterFault("one-way partition", USUAL, FaultInjector::oneWay);

    /** Whatever a node and the backend tell each other takes up to 320 ms for a while. */
    public static final ClusterFault SLOW_LINE = new ClusterFault("slow line", USUAL, FaultInjector::slowLine);

    /** The wall clock of a node jumps by up to three hours, either way. */
    public static final ClusterFault CLOCK_JUMP = new ClusterFault("clock jump", USUAL, FaultInjector::jumpClock);

    /** A node stops in good order, and is started again. */
    public static final ClusterFault STOP = new ClusterFault("stop", USUAL, FaultInjector::stop);

    /** What nodes tell each other on the bus sometimes arrives twice. */
    public static final ClusterFault DUPLICATES = new ClusterFault("duplicates", USUAL, FaultInjector::duplicates);

    /**
     * Every node is stopped in phases, which take up to half a second, and started, one after the other, as in a deploy; all clients go to the newest each time.
     */
    public static final ClusterFault ROLLING_RESTART = new ClusterFault("rolling restart", USUAL, FaultInjector::roll);

    /** Nodes are killed one after the other, each at most 200 ms behind the one before, and started again at once: nobody has noticed yet. */
    public static final ClusterFault KILLS_IN_A_ROW =
            new ClusterFault("kills in a row", USUAL, FaultInjector::killsInARow);

    /** The backend fails over to a replica that had not seen its latest changes. */
    public static final ClusterFault FAILOVER = new ClusterFault("failover", RARE, FaultInjector::failover);

    /** The backend loses its logs, its session records, its subscriptions, or everything. */
    public static final ClusterFault DATA_LOSS = new ClusterFault("data loss", RARE, FaultInjector::lose);

    /** All of these. */
    public static final List<ClusterFault> ALL = List.of(
            KILL,
            KILL_IN_THE_MIDDLE,
            FREEZE,
            LONG_FREEZE,
            PARTITION,
            SLOW_LINE,
            CLOCK_JUMP,
            STOP,
            DUPLICATES,
            ONE_WAY_PARTITION,
            ROLLING_RESTART,
            FAILOVER,
            DATA_LOSS,
            KILLS_IN_A_ROW);

    private final String name;
    private final int oneRunIn;
    private final Consumer<FaultInjector> strike;

    private ClusterFault(String name, int oneRunIn, Consumer<FaultInjector> strike) {
        this.name = name;
        this.oneRunIn = oneRunIn;
        this.strike = strike;
    }

    /**
     * Makes a fault of your own, which one run in three has.
     *
     * @param strike lets it happen once; it draws from {@link SimulatedCluster#random()}
     */
    public static ClusterFault of(String name, Consumer<SimulatedCluster> strike) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(strike, "strike");
        return new ClusterFault(name, USUAL, injector -> strike.accept(injector.cluster()));
    }

    int oneRunIn() {
        return oneRunIn;
    }

    void strike(FaultInjector injector) {
        strike.accept(injector);
    }

    @Override
    public String toString() {
        return name;
    }
}
