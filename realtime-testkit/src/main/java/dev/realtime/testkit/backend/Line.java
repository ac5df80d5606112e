package dev.realtime.testkit.backend;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What lies between one node and the backend. The default is {@link #INSTANT}; a simulation puts latency, loss and partitions here.
 * Things of one {@link Traffic} that are not lost arrive in their order.
 */
public interface Line {

    /** What travels; each has a lane of its own. */
    enum Traffic {
        /** Entries for the log, and their positions on the way back. */
        APPEND,
        /** Pages of the log. */
        READ,
        /** News for a follower of the log: may be late, is never lost. */
        FOLLOW,
        /** Session records. */
        SESSIONS,
        /** Leases. */
        LEASES,
        /** Values. */
        VALUES,
        /** Queues. */
        QUEUES,
        /** Messages between nodes. */
        BUS,
        /** That the epoch has changed: may be late, is never lost. */
        EPOCH
    }

    /** Everything arrives while it is sent. */
    Line INSTANT = new Line() {
        @Override
        public void toBackend(Traffic traffic, Runnable arrives) {
            arrives.run();
        }

        @Override
        public void toNode(Traffic traffic, Runnable arrives) {
            arrives.run();
        }
    };

    /** Carries something to the backend: {@code arrives} runs there, now or later, or never. */
    void toBackend(Traffic traffic, Runnable arrives);

    /** Carries something to the node: {@code arrives} runs there, now or later, or (unless it must not be lost) never. */
    void toNode(Traffic traffic, Runnable arrives);

    /** Runs something that needs no line, such as the end of a patience, where the node runs. */
    default void atNode(Runnable task) {
        task.run();
    }

    /** After which an operation without an answer has failed; null when every operation is answered. */
    default @Nullable Duration patience() {
        return null;
    }

    /** Has a task run whenever something begins to be lost: what was asked before may not be answered any more. */
    default void whenLosing(Runnable task) {}

    /** How many entries a follower gets at once. */
    default int batch() {
        return 1024;
    }
}
