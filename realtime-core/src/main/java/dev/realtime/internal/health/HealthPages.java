package dev.realtime.internal.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.realtime.health.HealthCheck;
import dev.realtime.health.HealthReport;
import dev.realtime.health.HealthStatus;
import dev.realtime.health.MemoryAccount;
import dev.realtime.health.NodeLoad;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages about a node, in JSON. Thread-safe. */
public final class HealthPages implements OperatorPages {
    private static final Duration PATIENCE = Duration.ofSeconds(2); // for the backend to say who lives
    private static final double SCALE_UP = 0.8;
    private static final double SCALE_DOWN = 0.3;

    private final NodeRuntime runtime;
    private final NodeHealth health;
    private final BooleanSupplier ended;
    private final Supplier<Readiness> readiness;
    private final Supplier<NodeLoad> load;
    private final Supplier<MemoryAccount> memory;
    private final Supplier<CompletionStage<Integer>> nodes;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param ended whether the node has stopped, and nothing runs any more
     * @param memory what is held for what
     * @param nodes how many nodes of the cluster live
     */
    public HealthPages(
            NodeRuntime runtime,
            NodeHealth health,
            BooleanSupplier ended,
            Supplier<Readiness> readiness,
            Supplier<NodeLoad> load,
            Supplier<MemoryAccount> memory,
            Supplier<CompletionStage<Integer>> nodes) {
        this.runtime = runtime;
        this.health = health;
        this.ended = ended;
        this.readiness = readiness;
        this.load = load;
        this.memory = memory;
        this.nodes = nodes;
    }

    @Override
    public @Nullable CompletionStage<HttpReply> page(String path, boolean inFull) {
        if (ended.getAsBoolean()) {
            return isPage(path, inFull) ? CompletableFuture.completedFuture(word(503, "DOWN")) : null;
        }
        return switch (path) {
            case "/health/live" -> live();
            case "/health/ready" -> CompletableFuture.completedFuture(ready(inFull));
            case "/health", "/health/websocket" ->
                health.report()
                        .handle((report, failure) -> report == null ? word(503, "DOWN") : health(report, inFull));
            case "/stats" -> inFull ? stats() : null;
            default -> null;
        };
    }

    private static boolean isPage(String path, boolean inFull) {
        return switch (path) {
            case "/health/live", "/health/ready", "/health", "/health/websocket" -> true;
            case "/stats" -> inFull;
            default -> false;
        };
    }

    /** Both the timer and the threads of the engine have done something before it is answered: if they cannot, whoever asks waits in vain, as it should. */
    private CompletionStage<HttpReply> live() {
        CompletableFuture<HttpReply> reply = new CompletableFuture<>();
        runtime.time().schedule(Duration.ZERO, () -> runtime.workers().execute(() -> reply.complete(word(200, "UP"))));
        return reply;
    }

    private HttpReply ready(boolean inFull) {
        Readiness now = readiness.get();
        return now == Readiness.READY
                ? word(200, "UP")
                : word(503, inFull || now == Readiness.STOPPING ? now.name() : "DOWN");
    }

    private HttpReply health(HealthReport report, boolean inFull) {
        boolean stopping = readiness.get() == Readiness.STOPPING;
        int status = stopping || report.status() == HealthStatus.UNHEALTHY ? 503 : 200;
        if (!inFull) { // nobody outside learns what is missing here
            return word(status, status == 200 ? "UP" : stopping ? "STOPPING" : "DOWN");
        }
        String word = stopping ? "stopping" : report.status().word();
        NodeLoad now = report.load();
        ObjectNode page = json.createObjectNode();
        page.put("status", word);
        page.put("instanceId", runtime.node());
        page.put("timestamp", report.time().toString());
        page.put("uptime", now.uptimeSeconds());
        page.put("connections", now.connections());
        page.put("rooms", now.rooms());
        report.failedChecks().forEach(page.putArray("failed_checks")::add);
        ObjectNode checks = page.putObject("checks");
        report.checks().forEach((name, result) -> check(checks.putObject(name), result));
        ObjectNode metrics = page.putObject("metrics");
        metrics.put("sessions", now.sessions());
        metrics.put("max_connections", now.maxConnections());
        metrics.put("events_per_minute", now.eventsPerMinute());
        metrics.put("memory_used", now.memoryUsed());
        metrics.put("memory_max", now.memoryMax());
        return reply(status, page);
    }

    private static void check(ObjectNode page, HealthCheck.Result result) {
        page.put("passed", result.isPassed());
        if (!result.isPassed()) {
            page.put("detail", result.detail());
        }
    }

    private CompletionStage<HttpReply> stats() {
        CompletableFuture<Integer> living = new CompletableFuture<>();
        Time.Timer timer =
                runtime.time().schedule(PATIENCE, () -> runtime.workers().execute(() -> living.complete(0)));
        nodes.get().whenComplete((count, failure) -> living.complete(count == null ? 0 : count));
        return living.thenApply(count -> {
            timer.cancel();
            return stats(count);
        });
    }

    private HttpReply stats(int living) {
        NodeLoad now = load.get();
        double saturation = now.saturation();
        ObjectNode page = json.createObjectNode();
        page.put("instanceId", runtime.node());
        page.put("connections", now.connections());
        page.put("rooms", now.rooms());
        if (living == 0) {
            page.putNull("totalInstances"); // the backend does not say
        } else {
            page.put("totalInstances", living);
        }
        memory(page.putObject("memory"));
        page.put("uptime", now.uptimeSeconds());
        page.put("maxConnections", now.maxConnections());
        page.put("saturation", saturation);
        page.put("scale", saturation > SCALE_UP ? "up" : saturation < SCALE_DOWN ? "down" : "none");
        page.put("ready", readiness.get() == Readiness.READY);
        return reply(200, page);
    }

    private void memory(ObjectNode page) {
        MemoryAccount now = memory.get();
        page.put("used", now.heapUsed());
        page.put("total", now.heapMax());
        ObjectNode parts = page.putObject("parts");
        for (MemoryAccount.Part part : now.parts()) {
            ObjectNode one = parts.putObject(part.name());
            one.put("used", part.used());
            if (part.limit() > 0) {
                one.put("limit", part.limit());
            }
        }
    }

    private HttpReply word(int status, String word) {
        return reply(status, json.createObjectNode().put("status", word));
    }

    private static HttpReply reply(int status, ObjectNode page) {
        return new HttpReply(
                status,
                Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                page.toString().getBytes(StandardCharsets.UTF_8));
    }
}
