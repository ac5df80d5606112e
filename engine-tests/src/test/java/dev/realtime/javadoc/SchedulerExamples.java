package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.Scheduler;
import java.time.Duration;

/** What the Javadoc of {@link Scheduler} shows. */
final class SchedulerExamples {
    private SchedulerExamples() {}

    /** A match. */
    interface Match {
        void endTurn();
    }

    static void turn(Realtime realtime, Match match) {
        Scheduler.Scheduled turn = realtime.scheduler().after(Duration.ofSeconds(30), () -> match.endTurn());

        turn.cancel(); // the player has moved in time
    }
}
