package dev.realtime.internal.limits;

import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.Session;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.limits.RefusedAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the application is told of one refusal. */
record AttemptRecord(
        Kind kind,
        Instant at,
        Optional<Session> session,
        Optional<Principal> principal,
        String address,
        String client,
        Optional<String> namespace,
        Optional<String> event,
        String code,
        String rule,
        Optional<Step> step,
        int violations,
        Optional<Duration> retryAfter)
        implements RefusedAttempt {

    /** An event of a session. */
    static AttemptRecord ofEvent(
            Kind kind,
            Instant at,
            Session session,
            String event,
            ErrorCode code,
            String rule,
            EscalationGate.@Nullable Verdict verdict,
            @Nullable Duration retryAfter) {
        Principal principal = session.principal();
        String address = session.remoteAddress();
        return new AttemptRecord(
                kind,
                at,
                Optional.of(session),
                Optional.of(principal),
                address,
                client(principal, address),
                Optional.of(session.namespace().name()),
                Optional.of(event),
                code.code(),
                rule,
                Optional.ofNullable(verdict).map(EscalationGate.Verdict::step),
                verdict == null ? 0 : verdict.violations(),
                Optional.ofNullable(retryAfter));
    }

    /**
     * A connection, or a session that did not begin.
     *
     * @param principal null if nobody has asked who it is
     * @param namespace null for a connection
     */
    static AttemptRecord ofNewcomer(
            Kind kind,
            Instant at,
            String address,
            @Nullable Principal principal,
            @Nullable String namespace,
            String code,
            String rule,
            @Nullable Duration retryAfter) {
        return new AttemptRecord(
                kind,
                at,
                Optional.empty(),
                Optional.ofNullable(principal),
                address,
                client(principal, address),
                Optional.ofNullable(namespace),
                Optional.empty(),
                code,
                rule,
                Optional.empty(),
                0,
                Optional.ofNullable(retryAfter));
    }

    private static String client(@Nullable Principal principal, String address) {
        return principal == null || principal.anonymous()
                ? ClientKey.ofAddress(address)
                : ClientKey.ofUser(principal.id());
    }
}
