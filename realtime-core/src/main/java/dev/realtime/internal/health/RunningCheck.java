package dev.realtime.internal.health;

import dev.realtime.health.HealthCheck;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A check of the application, called once at a time. Thread-safe. */
final class RunningCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RunningCheck.class);

    private final NodeRuntime runtime;
    private final String name;
    private final HealthCheck check;
    private final Duration timeout;
    private boolean running; // guarded by this
    private boolean failing; // guarded by this

    RunningCheck(NodeRuntime runtime, String name, HealthCheck check, Duration timeout) {
        this.runtime = runtime;
        this.name = name;
        this.check = check;
        this.timeout = timeout;
    }

    String name() {
        return name;
    }

    /** Completes with what it finds, in time, and never exceptionally. */
    CompletableFuture<HealthCheck.Result> run() {
        synchronized (this) {
            if (running) {
                return CompletableFuture.completedFuture(HealthCheck.failed("the check before has not ended yet"));
            }
            running = true;
        }
        try {
            return begin();
        } catch (Throwable e) { // the heap is full, say
            ended();
            throw e;
        }
    }

    private CompletableFuture<HealthCheck.Result> begin() {
        CompletableFuture<HealthCheck.Result> found = new CompletableFuture<>();
        Time.Timer timer = runtime.time()
                .schedule(
                        timeout,
                        () -> runtime.workers()
                                .execute(() -> found.complete(HealthCheck.failed("no result within " + timeout))));
        runtime.workers().handlers().execute(() -> found.complete(look()));
        return found.whenComplete((result, impossible) -> {
            timer.cancel();
            told(result);
        });
    }

    private HealthCheck.Result look() {
        try {
            return Objects.requireNonNull(check.check(), "the check returned null");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HealthCheck.failed("interrupted");
        } catch (Throwable e) {
            runtime.lines().warn(LOG, name, "the health check '{}' failed", name, e);
            return HealthCheck.failed("failed");
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        running = false;
    }

    private void told(HealthCheck.Result result) {
        boolean other;
        synchronized (this) {
            other = failing == result.isPassed();
            failing = !result.isPassed();
        }
        if (other && result.isPassed()) {
            runtime.lines().info(LOG, name, "the health check '{}' passes again", name);
        } else if (other) {
            runtime.lines().warn(LOG, name, "the health check '{}' does not pass: {}", name, result.detail());
        }
    }
}
