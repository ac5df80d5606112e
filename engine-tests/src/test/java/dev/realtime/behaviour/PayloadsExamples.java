package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
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

    private PayloadsExamples() {}
}
