package dev.realtime.readme;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.limits.RateLimit;
import dev.realtime.standalone.StandaloneServer;

/** The first example of README.md. */
final class Tavern {
    // readme: tavern
    record Chat(String text) {}

    record Said(String from, String text) {}

    static final Event<Chat> SAY = Event.of("chat:say", Chat.class).limit(RateLimit.perMinute(60));
    static final Event<Said> SAID = Event.of("chat:said", Said.class);

    static StandaloneServer open(int port) {
        Realtime realtime = Realtime.builder()
                .namespace(
                        "/",
                        game -> game.onConnect(session -> session.join("zone:tavern"))
                                .on(
                                        SAY,
                                        (session, chat) -> session.room("zone:tavern")
                                                .emit(SAID, new Said(session.id(), chat.text()))))
                .build();
        return StandaloneServer.start(realtime, port);
    }
    // readme: end

    private Tavern() {}
}
