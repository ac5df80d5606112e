package dev.realtime.internal.session;

import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.internal.logs.SlowHandlers;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.internal.node.RefusalLog;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.JsonCodec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is by the credentials in an event: its payload stands for the {@code auth} payload of a CONNECT, and a text for that with the field {@code
 * token}. Thread-safe.
 */
final class ShownCredentials {
    private static final String TOKEN = "token";

    private final @Nullable Authenticator authenticator;
    private final CredentialClock clock;
    private final JsonCodec json;
    private final RefusalLog refusals;
    private final ConnectInterceptors interceptors;
    private final SlowHandlers slow;

    /** @param authenticator null: there are no credentials to show */
    ShownCredentials(
            @Nullable Authenticator authenticator,
            CredentialClock clock,
            JsonCodec json,
            RefusalLog refusals,
            ConnectInterceptors interceptors,
            SlowHandlers slow) {
        this.authenticator = authenticator;
        this.clock = clock;
        this.json = json;
        this.refusals = refusals;
        this.interceptors = interceptors;
        this.slow = slow;
    }

    /** Whether there is anybody who would judge them. */
    boolean areJudged() {
        return authenticator != null;
    }

    /** What an event shows: an object. */
    @SuppressWarnings("unchecked") // the codec was asked for a JSON object
    Map<String, Object> object(EventHead head, Packet packet) {
        List<String> arguments = head.arguments();
        Object value = arguments.isEmpty() ? null : json.decode(arguments.get(0), packet.attachments(), Map.class);
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    /** What an event shows: an object, or a token alone. */
    Map<String, Object> objectOrToken(EventHead head, Packet packet) {
        List<String> arguments = head.arguments();
        if (arguments.isEmpty() || !arguments.get(0).startsWith("\"")) {
            return object(head, packet);
        }
        Object token = json.decode(arguments.get(0), packet.attachments(), String.class);
        return token == null ? Map.of() : Map.of(TOKEN, token);
    }

    /**
     * Asks the application who shows this. May block.
     *
     * @throws EventRefusedException if that is nobody, or is not good any more
     */
    Principal judge(LocalSession session, SessionConnection connection, Map<String, Object> shown) {
        if (authenticator == null) {
            throw new EventRefusedException(ErrorCode.UNKNOWN_EVENT);
        }
        Instant now = clock.now();
        Handshake handshake = handshake(session, connection, shown, now);
        Optional<Principal> known;
        long began = slow.now();
        try {
            known = Objects.requireNonNull(
                    authenticator.authenticate(handshake), "the authenticator returned null instead of an Optional");
        } catch (ConnectRefusedException refused) {
            refusals.refused(connection.request().remoteAddress(), refused);
            throw refused(refused, ErrorCode.UNAUTHORIZED);
        } finally {
            ended(SlowHandlers.AUTHENTICATOR, handshake, began);
        }
        Principal principal = known.filter(one -> !one.anonymous())
                .orElseThrow(() -> new EventRefusedException(ErrorCode.UNAUTHORIZED));
        if (principal.expiresAt().filter(end -> !end.isAfter(now)).isPresent()) {
            throw new EventRefusedException(ErrorCode.CREDENTIALS_EXPIRED);
        }
        return principal;
    }

    /**
     * Asks the application's interceptors about somebody who has shown this. May block.
     *
     * @return the rooms into which they put the session
     * @throws EventRefusedException if they do not let it in
     */
    EntryRooms admit(
            LocalSession session, SessionConnection connection, Map<String, Object> shown, Principal principal) {
        EntryRooms rooms = session.entry();
        if (interceptors.areNone()) {
            return rooms;
        }
        Handshake handshake = handshake(session, connection, shown, clock.now());
        long began = slow.now();
        try {
            interceptors.ask(handshake, principal, rooms);
        } catch (ConnectRefusedException refused) {
            throw refused(refused, ErrorCode.FORBIDDEN);
        } finally {
            ended(SlowHandlers.INTERCEPTOR, handshake, began);
        }
        return rooms;
    }

    /** The client hears nothing while it waits; the log says for whom. */
    private void ended(String asked, Handshake handshake, long began) {
        slow.asked(asked, handshake.namespace(), handshake.remoteAddress(), slow.now() - began);
    }

    private static Handshake handshake(
            LocalSession session, SessionConnection connection, Map<String, Object> shown, Instant now) {
        return new Handshake(session.namespace().name(), connection.request(), shown, now);
    }

    /** @param code if the application has none */
    private static EventRefusedException refused(ConnectRefusedException refused, ErrorCode code) {
        String own = refused.data().get("code") instanceof String given ? given : code.code();
        return new EventRefusedException(own, refused.getMessage());
    }
}
