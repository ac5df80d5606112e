package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.events.ClientEvents;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.spi.EventData;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events by which clients hear of errors that they wait for no acknowledgement of; {@link ClientEvents} has their names and forms. Immutable. */
final class ErrorEvents {
    private static final Set<String> OF_LIMITS =
            Set.of(ErrorCode.RATE_LIMITED.code(), ErrorCode.RESTRICTED.code(), ErrorCode.OVERLOADED.code());
    private static final Set<String> OF_PERMISSIONS = Set.of(ErrorCode.FORBIDDEN.code(), ErrorCode.MUTED.code());
    private static final Set<String> OF_SERVER =
            Set.of(ErrorCode.HANDLER_FAILED.code(), ErrorCode.TIMEOUT.code(), ErrorCode.STOPPING.code());

    private final Payloads payloads;
    private final ClientEvents names;

    ErrorEvents(Payloads payloads, ClientEvents names) {
        this.payloads = payloads;
        this.names = names;
    }

    /**
     * What is wrong.
     *
     * @param event what the client has sent
     * @param untold of how many errors before this one it was not told
     * @param step what follows from it; null if nothing
     * @param restriction for how long the user is restricted; zero if it is not
     */
    record Wrong(
            String event,
            long untold,
            String code,
            String message,
            @Nullable Duration retryAfter,
            @Nullable Step step,
            Duration restriction) {

        /** What is done about it; null if nothing more than not to handle the event. */
        private @Nullable String action() {
            if (step == null) {
                return restriction.isZero() ? null : "temporary_restriction";
            }
            return switch (step) {
                case WARNED -> "warning";
                case RESTRICTED -> "temporary_restriction";
                case DISCONNECTED -> "disconnect";
            };
        }
    }

    /** @throws dev.realtime.spi.JsonCodec.EncodeException if a text has no JSON form */
    EventData of(Wrong wrong) {
        if (OF_LIMITS.contains(wrong.code)) {
            return payloads.event(
                    names.rateLimited(),
                    names.rateLimited().equals(names.error()) ? general(wrong) : rateLimited(wrong));
        }
        if (OF_PERMISSIONS.contains(wrong.code)) {
            return names.permissionDenied().equals(names.error())
                    ? payloads.event(names.error(), general(wrong))
                    // the official client takes a string in the last place for the offset of its session
                    : payloads.event(
                            names.permissionDenied(), wrong.event, error(wrong.code, wrong.message, wrong.retryAfter));
        }
        if (OF_SERVER.contains(wrong.code) || names.invalidAction().equals(names.error())) {
            return payloads.event(names.error(), general(wrong));
        }
        return payloads.event(names.invalidAction(), invalidAction(wrong));
    }

    private static Map<String, Object> general(Wrong wrong) {
        Map<String, Object> error = error(wrong.code, wrong.message, wrong.retryAfter);
        error.put("event", wrong.event);
        String action = wrong.action();
        if (action != null) {
            error.put("action", action);
            consequences(error, wrong, action);
        }
        untold(error, wrong);
        return error;
    }

    private static Map<String, Object> rateLimited(Wrong wrong) {
        Map<String, Object> error = new LinkedHashMap<>();
        String action = wrong.action();
        error.put("action", action == null ? "refused" : action);
        error.put("event_type", wrong.event);
        Duration retryAfter = wrong.retryAfter;
        if (retryAfter != null) {
            error.put("retry_after", roundedUp(retryAfter, Duration.ofSeconds(1)));
        }
        if (action != null) {
            consequences(error, wrong, action);
        }
        error.putAll(error(wrong.code, wrong.message, wrong.retryAfter));
        untold(error, wrong);
        return error;
    }

    private static void consequences(Map<String, Object> error, Wrong wrong, String action) {
        if (action.equals("temporary_restriction")) {
            error.put("duration_minutes", roundedUp(wrong.restriction, Duration.ofMinutes(1)));
        }
        if (action.equals("disconnect")) {
            error.put("reason", "Excessive rate limit violations");
        }
    }

    private static Map<String, Object> invalidAction(Wrong wrong) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("action", wrong.event);
        error.putAll(error(wrong.code, wrong.message, wrong.retryAfter));
        untold(error, wrong);
        return error;
    }

    private static void untold(Map<String, Object> error, Wrong wrong) {
        if (wrong.untold > 0) {
            error.put("untold", wrong.untold);
        }
    }

    /** What is said of an error everywhere. */
    static Map<String, Object> error(String code, String message, @Nullable Duration retryAfter) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (retryAfter != null) {
            error.put("retryAfterMs", Math.max(1, roundedUp(retryAfter, Duration.ofMillis(1))));
        }
        return error;
    }

    private static long roundedUp(Duration time, Duration unit) {
        return (time.toNanos() + unit.toNanos() - 1) / unit.toNanos();
    }
}
