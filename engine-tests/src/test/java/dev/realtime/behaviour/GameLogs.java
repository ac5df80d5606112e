package dev.realtime.behaviour;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.logs.LogOptions;
import java.time.Duration;

/** The code of docs/logs.md. */
final class GameLogs {
    private GameLogs() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .logs(LogOptions.DEFAULT.context(true).slowHandler(Duration.ofMillis(100)))
                .namespace("/", game -> {});
    }
}
