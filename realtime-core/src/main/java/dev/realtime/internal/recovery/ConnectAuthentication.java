package dev.realtime.internal.recovery;

import dev.realtime.Authenticator;
import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.Handshake;
import dev.realtime.NamespaceSetup.FeatureRule;
import dev.realtime.Principal;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.internal.node.RefusalLog;
import dev.realtime.internal.session.NamespaceHandlers;
import dev.realtime.internal.session.Payloads;
import dev.realtime.spi.EventData;
import dev.realtime.transport.OpeningRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who a client is that wants into a namespace, as the application says: its authenticator, then its interceptors. Thread-safe. */
public final class ConnectAuthentication {
    private final String namespace;
    private final NamespaceHandlers handlers;
    private final @Nullable Authenticator authenticator;
    private final CredentialClock clock;
    private final RefusalLog refusals;
    private final @Nullable FeatureRule features;
    private final Payloads payloads;

    /**
     * @param authenticator null: everybody is anonymous
     * @param features what clients are told that they may do; null: nothing
     */
    public ConnectAuthentication(
            String namespace,
            NamespaceHandlers handlers,
            @Nullable Authenticator authenticator,
            CredentialClock clock,
            RefusalLog refusals,
            @Nullable FeatureRule features,
            Payloads payloads) {
        this.namespace = namespace;
        this.handlers = handlers;
        this.authenticator = authenticator;
        this.clock = clock;
        this.refusals = refusals;
        this.features = features;
        this.payloads = payloads;
    }

    /** Whether there is anybody to ask. */
    boolean asksApplication() {
        return authenticator != null || !handlers.connectInterceptors().isEmpty() || features != null;
    }

    /**
     * Asks the application. May block.
     *
     * @param auth the client's payload without what recovery put into it
     * @param anonymous the name of a client without one
     * @param rooms takes those into which interceptors put the session
     * @throws ConnectRefusedException if the client may not come in
     */
    Principal authenticate(OpeningRequest request, Map<String, Object> auth, String anonymous, EntryRooms rooms) {
        try {
            return judge(new Handshake(namespace, request, auth, clock.now()), anonymous, rooms);
        } catch (ConnectRefusedException refused) {
            refusals.refused(request.remoteAddress(), refused);
            throw refused;
        }
    }

    /**
     * Asks the application what a client may do that comes in: one argument, encoded. Null if nobody wants to know. May block.
     *
     * @throws dev.realtime.spi.JsonCodec.EncodeException if that has no JSON form, or is too large
     */
    @Nullable
    EventData features(Principal principal) {
        return features == null
                ? null
                : payloads.reply(
                        List.of(Objects.requireNonNull(features.of(principal), "the rule of features returned null")));
    }

    private Principal judge(Handshake handshake, String anonymous, EntryRooms rooms) {
        Principal principal = principal(handshake, anonymous);
        if (principal.expiresAt().filter(end -> !end.isAfter(clock.now())).isPresent()) {
            throw new ConnectRefusedException(ErrorCode.CREDENTIALS_EXPIRED);
        }
        ConnectInterceptor.Entry entry = rooms.of(principal);
        for (ConnectInterceptor interceptor : handlers.connectInterceptors()) {
            interceptor.connecting(handshake, principal, entry);
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
