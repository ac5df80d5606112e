package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.schedule.Schedule;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The game of docs/schedule.md. */
final class GameSchedule {
    record Result(String winner) {}

    static final Event<Result> OVER = Event.of("match:over", Result.class);
    static final Event<Void> RESET = Event.of("daily:reset");

    private GameSchedule() {}

    static RealtimeBuilder game() {
        return Realtime.builder().namespace("/", game -> game.schedule(ScheduleOptions.DEFAULT));
    }

    static CompletionStage<ScheduledEvent> begin(Namespace game, Instant midnight) {
        game.emitAt(midnight, RESET);
        return game.room("match:7").emitAfter(Duration.ofMinutes(10), OVER, new Result("nobody"));
    }

    static CompletionStage<Boolean> surrender(Namespace game, ScheduledEvent end) {
        Schedule schedule = game.schedule();
        return schedule.cancel(end.id());
    }

    static CompletionStage<ScheduledEvent> remind(Session session, Duration in, Result what) {
        return session.namespace().user(session.principal().id()).from(session).emitAfter(in, OVER, what);
    }
}
