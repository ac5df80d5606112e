package dev.realtime.behaviour;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.health.HealthCheck;
import dev.realtime.health.HealthOptions;
import java.sql.Connection;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** The code of docs/health.md. */
final class GameHealth {
    private GameHealth() {}

    static RealtimeBuilder game(DataSource database) {
        return Realtime.builder()
                .health(HealthOptions.DEFAULT.maxEventsPerMinute(500_000).check("database", () -> {
                    try (Connection connection = database.getConnection()) {
                        return connection.isValid(1) ? HealthCheck.passed() : HealthCheck.failed("not valid");
                    }
                }))
                .namespace("/", game -> {});
    }

    static CompletionStage<String> status(Realtime realtime) {
        return realtime.health().thenApply(report -> report.status().word() + " " + report.failedChecks());
    }
}
