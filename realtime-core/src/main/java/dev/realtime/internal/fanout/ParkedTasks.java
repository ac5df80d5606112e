package dev.realtime.internal.fanout;

import dev.realtime.Position;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The tasks that wait until the fan-out has come to a position: in the order of their positions, and as they came where those are equal. Used in
 * the fan-out's turn only.
 */
final class ParkedTasks {
    private final PriorityQueue<Parked> tasks = new PriorityQueue<>();
    private long added;

    private record Parked(Position until, long number, Runnable task) implements Comparable<Parked> {
        @Override
        public int compareTo(Parked other) {
            int byPosition = until.compareTo(other.until);
            return byPosition != 0 ? byPosition : Long.compare(number, other.number);
        }
    }

    void add(Position until, Runnable task) {
        tasks.add(new Parked(until, added++, task));
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Hands over those that need not wait any more. */
    void run(Position passed, Consumer<Runnable> runner) {
        for (Parked next; (next = tasks.peek()) != null && !next.until.isAfter(passed); ) {
            tasks.remove();
            runner.accept(next.task);
        }
    }
}
