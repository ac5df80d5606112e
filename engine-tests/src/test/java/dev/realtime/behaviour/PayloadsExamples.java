package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.envelope.EnvelopeForm;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The examples of docs/payloads.md. */
final class PayloadsExamples {
    record Lobby(
            String name,
            Instant opened,
            Optional<String> motto,
            @Nullable Integer places,
            byte[] icon) {}

    static final Event<Lobby> SHOWN = Event.of("lobby:shown", Lobby.class);
    static final Request<Lobby, Lobby> OPEN = Request.of("lobby:open", Lobby.class, Lobby.class);
    static final Request<Void, Integer> COUNT = Request.of("lobby:count", Void.class, Integer.class);

    static RealtimeBuilder lobbies() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.on(OPEN, (session, lobby) -> {
                                    session.emit(SHOWN, lobby);
                                    return lobby;
                                })
                                .on(COUNT, (session, nothing) -> 3));
    }

    record Said(String text) {}

    record WebSocketEvent(
            String event_type,
            Instant timestamp,
            Optional<String> sender_id,
            Optional<Instant> expiry_time,
            Said data) {}

    static final EnvelopeForm<Said> FORM = (envelope, said) ->
            new WebSocketEvent(envelope.event(), envelope.time(), envelope.senderId(), envelope.expiresAt(), said);

    static final Event<Said> SAID = Event.of("chat:message_received", Said.class)
            .category("chat")
            .expiresAfter(Duration.ofSeconds(30))
            .envelope(FORM);

    static void say(Session session, String traceparent) {
        session.room("zone:tavern").header("traceparent", traceparent).emit(SAID, new Said("hi"));
        session.namespace().user("bob").from(session).emit(SAID, new Said("psst"));
    }

    private PayloadsExamples() {}
}
