package dev.realtime.internal.session;

import dev.realtime.Authenticator;
import dev.realtime.ConnectRefusedException;
import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.internal.node.CredentialClock;
import dev.realtime.internal.node.RefusalLog;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.JsonCodec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The renewal of credentials on a connected session: the payload of the refresh event stands for the {@code auth} payload of a CONNECT. */
final class CredentialRefresh {
    private final @Nullable Authenticator authenticator;
    private final CredentialClock clock;
    private final JsonCodec json;
    private final RefusalLog refusals;

    /** @param authenticator null: there are no credentials to renew */
    CredentialRefresh(
            @Nullable Authenticator authenticator, CredentialClock clock, JsonCodec json, RefusalLog refusals) {
        this.authenticator = authenticator;
        this.clock = clock;
        this.json = json;
        this.refusals = refusals;
    }

    void renew(LocalSession session, SessionConnection connection, EventHead head, Packet packet, Answer answer) {
        if (authenticator == null) {
            throw new EventRefusedException(ErrorCode.UNKNOWN_EVENT);
        }
        Instant now = clock.now();
        Handshake handshake =
                new Handshake(session.namespace().name(), connection.request(), payload(head, packet), now);
        Optional<Principal> renewed;
        try {
            renewed = Objects.requireNonNull(
                    authenticator.authenticate(handshake), "the authenticator returned null instead of an Optional");
        } catch (ConnectRefusedException refused) {
            refusals.refused(connection.request().remoteAddress(), refused);
            String code = refused.data().get("code") instanceof String own ? own : ErrorCode.UNAUTHORIZED.code();
            throw new EventRefusedException(code, refused.getMessage());
        }
        Principal principal = renewed.orElseThrow(() -> new EventRefusedException(ErrorCode.UNAUTHORIZED));
        if (!principal.id().equals(session.principal().id())) {
            throw new EventRefusedException(ErrorCode.UNAUTHORIZED.code(), "The credentials are somebody else's");
        }
        if (principal.expiresAt().filter(end -> !end.isAfter(now)).isPresent()) {
            throw new EventRefusedException(ErrorCode.CREDENTIALS_EXPIRED);
        }
        session.lifecycle().renew(principal);
        Map<String, Object> reply = new LinkedHashMap<>();
        principal.expiresAt().ifPresent(end -> reply.put("expiresAt", end.toString()));
        answer.give(List.of(reply));
    }

    @SuppressWarnings("unchecked") // the codec was asked for a JSON object
    private Map<String, Object> payload(EventHead head, Packet packet) {
        List<String> arguments = head.arguments();
        Object value = arguments.isEmpty() ? null : json.decode(arguments.get(0), packet.attachments(), Map.class);
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
