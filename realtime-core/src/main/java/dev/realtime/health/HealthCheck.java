package dev.realtime.health;

import java.util.Objects;

/**
 * Something of the application's that belongs to the health of a node: its database, a disk, a service that it cannot do without.
 *
 * <pre>{@code
 * HealthOptions.DEFAULT.check("database", () -> database.isValid(1) ? HealthCheck.passed() : HealthCheck.failed("no connection"));
 * }</pre>
 *
 * <p>It is called on a thread for handlers, no more than once at a time, and may block; beyond {@link HealthOptions#timeout(java.time.Duration)} it has failed.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * Looks.
     *
     * @throws Exception has failed as well; what it says is for the log and not for pages
     */
    Result check() throws Exception;

    /** Returns that nothing is wrong. */
    static Result passed() {
        return new Result(true, "");
    }

    /**
     * Returns that something is wrong.
     *
     * @param detail what, for whoever sees the {@linkplain HealthReport report}: no secrets
     */
    static Result failed(String detail) {
        return new Result(false, detail);
    }

    /**
     * What a check has found.
     *
     * @param detail what is wrong; empty if nothing is
     */
    record Result(boolean isPassed, String detail) {
        public Result {
            Objects.requireNonNull(detail, "detail");
        }
    }
}
