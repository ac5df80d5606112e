package dev.realtime.testkit.simulation;

import dev.realtime.Namespace;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One engine of a simulated cluster, from its start to its end, as the application on it sees it. A machine that is started again has another one.
 *
 * <p>What an application does later or elsewhere has to share the fate of its node. {@link #later} runs something on it, and {@link #call} asks
 * something outside of the cluster, such as a database: while the node is frozen nothing goes on, and when it is dead nothing ever does. Not
 * thread-safe.
 */
public final class SimulatedNode {
    private static final Duration ASK_AGAIN = Duration.ofMillis(5);
    private static final int LONGEST_WAY_NANOS = 10_000_000;

    private final SimulatedCluster cluster;
    private final TestNode machine;
    private @Nullable String id;

    SimulatedNode(SimulatedCluster cluster, TestNode machine) {
        this.cluster = cluster;
        this.machine = machine;
    }

    /** Returns the engine's id; it has one as soon as it is built. */
    public String id() {
        if (id == null) {
            id = machine.realtime().node();
        }
        return id;
    }

    int index() {
        return machine.index();
    }

    /** Returns a namespace of the engine. */
    public Namespace namespace(String name) {
        return machine.realtime().namespace(name);
    }

    /** Returns the one source of everything random in this run. */
    public Random random() {
        return cluster.random();
    }

    /** Adds a line to the trace. */
    public void note(String what) {
        cluster.note(id() + " " + what);
    }

    /** Runs a task of the application on this node: later still while it is frozen, never when it is dead. */
    public void later(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        later(id(), delay, task);
    }

    private void later(String mine, Duration delay, Runnable task) {
        cluster.after(delay, () -> {
            if (cluster.isRunning(mine)) {
                if (machine.isUp()) {
                    task.run();
                } else {
                    later(mine, ASK_AGAIN, task);
                }
            }
        });
    }

    /**
     * Asks something that is not part of the cluster, such as a database. The question arrives after up to 10 ms, also when this node has died
     * meanwhile; its answer takes as long, and finds nobody then. What {@code outside} throws fails the stage.
     */
    @SuppressWarnings("CatchingUnchecked") // whatever it throws is its answer
    public <T> CompletionStage<T> call(Supplier<T> outside) {
        Objects.requireNonNull(outside, "outside");
        String mine = id(); // while it is there to be asked
        CompletableFuture<T> answer = new CompletableFuture<>();
        cluster.after(way(), () -> {
            Runnable arrival;
            try {
                T value = outside.get();
                arrival = () -> answer.complete(value);
            } catch (Exception e) {
                arrival = () -> answer.completeExceptionally(e);
            }
            later(mine, way(), arrival);
        });
        return answer;
    }

    private Duration way() {
        return Duration.ofNanos(cluster.random().nextInt(LONGEST_WAY_NANOS));
    }

    @Override
    public String toString() {
        return id == null ? "node " + machine.index() : id;
    }
}
