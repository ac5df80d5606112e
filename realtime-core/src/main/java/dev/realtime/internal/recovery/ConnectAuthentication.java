package dev.realtime.internal.recovery;

import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup.FeatureRule;
import dev.realtime.Principal;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.logs.SlowHandlers;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.internal.node.RefusalLog;
import dev.realtime.internal.session.ConnectInterceptors;
import dev.realtime.internal.session.EntryRooms;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.Payloads;
import dev.realtime.spi.EventData;
import dev.realtime.transport.OpeningRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Who a client is that wants into a namespace, as the application says: its authenticator, then its interceptors. Thread-safe. */
public final class ConnectAuthentication {
    private final String namespace;
    private final NamespaceHandlers handlers;
    private final @Nullable Authenticator authenticator;
    private final UnaryOperator<Principal> now;
    private final CredentialClock clock;
    private final RefusalLog refusals;
    private final @Nullable FeatureRule features;
    private final Payloads payloads;
    private final LogContext logs;
    private final SlowHandlers slow;
    private final ConnectInterceptors interceptors;

    /**
     * @param authenticator null: everybody is anonymous
     * @param now a user as it is at run time
     * @param features what clients are told that they may do; null: nothing
     */
    public ConnectAuthentication(
            String namespace,
            NamespaceHandlers handlers,
            @Nullable Authenticator authenticator,
            UnaryOperator<Principal> now,
            CredentialClock clock,
            RefusalLog refusals,
            @Nullable FeatureRule features,
            Payloads payloads,
            LogContext logs,
            SlowHandlers slow) {
        this.namespace = namespace;
        this.handlers = handlers;
        this.authenticator = authenticator;
        this.now = now;
        this.clock = clock;
        this.refusals = refusals;
        this.features = features;
        this.payloads = payloads;
        this.logs = logs;
        this.slow = slow;
        this.interceptors = new ConnectInterceptors(handlers.connectInterceptors(), now, refusals);
    }

    /** Whether there is anybody to ask. */
    boolean asksApplication() {
        return authenticator != null || asksOfTheKnown();
    }

    /** Whether there is anybody to ask once it is known who the client is. */
    boolean asksOfTheKnown() {
        return !interceptors.areNone() || features != null;
    }

    /**
     * Asks the application who the client is. May block.
     *
     * @param auth the client's payload without what recovery put into it
     * @param anonymous the name of a client without one
     * @throws ConnectRefusedException if the client may not come in
     */
    Principal authenticate(OpeningRequest request, Map<String, Object> auth, String anonymous) {
        LogContext.Scope scope = logs.enter(namespace, null, null);
        long began = slow.now();
        try {
            return judge(handshake(request, auth), anonymous);
        } catch (ConnectRefusedException refused) {
            refusals.refused(request.remoteAddress(), refused);
            throw refused;
        } finally {
            ended(authenticator == null ? null : SlowHandlers.AUTHENTICATOR, request, began);
            scope.close();
        }
    }

    /** @param asked null: nobody was */
    private void ended(@Nullable String asked, OpeningRequest request, long began) {
        if (asked != null) {
            slow.asked(asked, namespace, request.remoteAddress(), slow.now() - began);
        }
    }

    /**
     * Asks the application about a client of which it is known who it is, and what has been decided about it. May block.
     *
     * @param rooms takes those into which interceptors put the session
     * @return what the client may do: one argument, encoded; null if nobody wants to know
     * @throws ConnectRefusedException if the client may not come in
     * @throws dev.realtime.spi.JsonCodec.EncodeException if what it may do has no JSON form, or is too large
     */
    @Nullable
    EventData admit(OpeningRequest request, Map<String, Object> auth, Principal principal, EntryRooms rooms) {
        LogContext.Scope scope = logs.enter(namespace, null, principal.id(), null, null);
        long began = slow.now();
        try {
            interceptors.ask(handshake(request, auth), principal, rooms);
            return features == null
                    ? null
                    : payloads.reply(List.of(Objects.requireNonNull(
                            features.of(now.apply(principal)), "the rule of features returned null")));
        } finally {
            ended(asksOfTheKnown() ? SlowHandlers.INTERCEPTOR : null, request, began);
            scope.close();
        }
    }

    private Handshake handshake(OpeningRequest request, Map<String, Object> auth) {
        return new Handshake(namespace, request, auth, clock.now());
    }

    private Principal judge(Handshake handshake, String anonymous) {
        Principal principal = principal(handshake, anonymous);
        if (principal.expiresAt().filter(end -> !end.isAfter(clock.now())).isPresent()) {
            throw new ConnectRefusedException(ErrorCode.CREDENTIALS_EXPIRED);
        }
        return principal;
    }

    private Principal principal(Handshake handshake, String anonymous) {
        if (authenticator == null) {
            return Principal.anonymous(anonymous);
        }
        Optional<Principal> known = Objects.requireNonNull(
                authenticator.authenticate(handshake), "the authenticator returned null instead of an Optional");
        if (known.isEmpty() && !handlers.anonymousAllowed()) {
            throw new ConnectRefusedException(ErrorCode.UNAUTHORIZED);
        }
        return known.orElseGet(() -> Principal.anonymous(anonymous));
    }
}
