package dev.realtime.behaviour;

import dev.realtime.Attribute;
import dev.realtime.Online;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKind;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.UserPresence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The game of docs/presence.md. */
final class GamePresence {
    static final RoomKind ZONE = RoomKind.named("zone");
    static final Attribute<String> CHARACTER = Attribute.recorded("character", String.class);

    private GamePresence() {}

    static RealtimeBuilder game(PresenceListener friends) {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT
                                        .rooms(ZONE)
                                        .show(CHARACTER)
                                        .awayAfter(Duration.ofMinutes(5))
                                        .statusEvent("set_status")
                                        .onChange(friends))
                                .onConnect(session -> {
                                    session.set(CHARACTER, "bard");
                                    session.join(ZONE.of("tavern"));
                                    session.namespace().presence().watch(session, ZONE.of("tavern"));
                                }));
    }

    static void ask(Realtime realtime) {
        Presence presence = realtime.namespace("/").presence();
        int players = presence.population(ZONE.of("tavern"));
        Online online = presence.online("ann");
        UserPresence ann = presence.user("ann");
        Optional<Instant> since = ann.awaySince();
        Optional<String> character = ann.sessions().get(0).get(CHARACTER);
    }
}
