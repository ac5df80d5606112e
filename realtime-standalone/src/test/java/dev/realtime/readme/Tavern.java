package dev.realtime.readme;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.limits.RateLimit;
import dev.realtime.standalone.StandaloneServer;

/** Everybody is in the tavern and hears what is said there. */
final class Tavern {
    record Chat(String text) {}

    record Said(String from, String text) {}

    static final Event<Chat> SAY = Event.of("chat:say", Chat.class).limit(RateLimit.perMinute(60));
    static final Event<Said> SAID = Event.of("chat:said", Said.class);

    static StandaloneServer open(int port) {
        Realtime realtime = Realtime.builder().namespace("/", Tavern::rules).build();
        return StandaloneServer.start(realtime, port);
    }

    static void rules(NamespaceSetup tavern) {
        tavern.onConnect(session -> session.join("zone:tavern")).on(SAY, (session, chat) -> {
            Said said = new Said(session.id(), chat.text());
            session.room("zone:tavern").emit(SAID, said);
        });
    }

    public static void main(String[] args) {
        open(8080); // the process lives until the server is closed
    }
}
