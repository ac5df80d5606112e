package dev.realtime.behaviour;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import java.time.Duration;
import java.util.Map;

/** The game of docs/lifecycle.md. */
final class GameLifecycle {
    private GameLifecycle() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofSeconds(30)))
                .clientEvents(
                        ClientEvents.DEFAULT.lifecycle(LifecycleEvents.CONNECTION.disconnected("connection:closed")))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("lobby:main"))
                                .features(principal -> Map.of(
                                        "spectate",
                                        true,
                                        "kick",
                                        principal.roles().contains("moderator")))
                                .absencesTo(session ->
                                        session.principal().anonymous() ? null : session.room("lobby:main")));
    }
}
