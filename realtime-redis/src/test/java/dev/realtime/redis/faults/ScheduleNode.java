package dev.realtime.redis.faults;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.schedule.ScheduledEvent;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One node in a process of its own, which schedules events and emits what is due. It has no clients. */
public final class ScheduleNode {
    private static final Event<String> REMIND = Event.of("remind", String.class);
    private static final int FIRST_MILLIS = 3_000;
    private static final int LAST_MILLIS = 8_000;

    private ScheduleNode() {}

    /** Arguments: the URL of Redis, how many events, and how each begins. Prints a port when all are scheduled; ends with its parent. */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        Realtime realtime = Realtime.builder()
                .authenticator(new TestUsers())
                .lease(Duration.ofSeconds(3))
                .backend(RedisBackend.connect(RedisOptions.of(arguments[0]).appendDeadline(Duration.ofSeconds(30))))
                .namespace("/", game -> game.schedule(ScheduleOptions.DEFAULT))
                .build();
        Namespace game = realtime.namespace("/");
        List<CompletionStage<ScheduledEvent>> scheduled = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Duration delay = Duration.ofMillis(FIRST_MILLIS + (long) (LAST_MILLIS - FIRST_MILLIS) * i / count);
            scheduled.add(game.emitAfter(delay, REMIND, arguments[2] + i));
        }
        for (CompletionStage<ScheduledEvent> event : scheduled) {
            event.toCompletableFuture().join();
        }
        System.out.println("port 0");
        while (System.in.read() >= 0) {
            // until the parent is gone
        }
        Runtime.getRuntime().halt(0);
    }
}
