package dev.realtime.internal.limits;

import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.Session;
import dev.realtime.limits.RefusalListener;
import dev.realtime.limits.RefusedAttempt.Kind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where refusals are told: those of a namespace, or those that are of none. Costs next to nothing if nobody listens. Thread-safe. */
public final class RefusalReporter {
    private final RefusalReports reports;
    private final List<RefusalListener> listeners;

    /** @param own listeners, in front of those of the node */
    public RefusalReporter(RefusalReports reports, List<RefusalListener> own) {
        this.reports = reports;
        this.listeners = reports.and(own);
    }

    /** Tells of an event that needs a permission. */
    public void permission(Session session, String event, String permission) {
        permission(session, event, ErrorCode.FORBIDDEN, "permission " + permission, null);
    }

    /** Tells of an event that the user may not send for some time, as has been decided at run time. */
    public void decision(Session session, String event, ErrorCode code, Duration retryAfter) {
        permission(session, event, code, "decision", retryAfter);
    }

    private void permission(Session session, String event, ErrorCode code, String rule, @Nullable Duration retryAfter) {
        if (!listeners.isEmpty()) {
            reports.report(
                    listeners,
                    AttemptRecord.ofEvent(
                            Kind.PERMISSION, reports.time().now(), session, event, code, rule, null, retryAfter));
        }
    }

    /**
     * Tells of an event that a limit refuses.
     *
     * @param verdict what it has led to; null if it is no violation
     */
    public void event(
            Session session,
            String event,
            ErrorCode code,
            String rule,
            EscalationGate.@Nullable Verdict verdict,
            Duration retryAfter) {
        if (!listeners.isEmpty()) {
            reports.report(
                    listeners,
                    AttemptRecord.ofEvent(
                            Kind.EVENT, reports.time().now(), session, event, code, rule, verdict, retryAfter));
        }
    }

    /** Tells of a connection. */
    public void connection(String address, String code, String rule, @Nullable Duration retryAfter) {
        if (!listeners.isEmpty()) {
            reports.report(
                    listeners,
                    AttemptRecord.ofNewcomer(
                            Kind.CONNECTION, reports.time().now(), address, null, null, code, rule, retryAfter));
        }
    }

    /**
     * Tells of a session that did not begin.
     *
     * @param principal null if nobody has asked who the client is
     */
    public void session(
            String address,
            @Nullable Principal principal,
            String namespace,
            String code,
            String rule,
            @Nullable Duration retryAfter) {
        if (!listeners.isEmpty()) {
            reports.report(
                    listeners,
                    AttemptRecord.ofNewcomer(
                            Kind.SESSION, reports.time().now(), address, principal, namespace, code, rule, retryAfter));
        }
    }
}
