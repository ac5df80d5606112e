package dev.realtime.readme;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.standalone.StandaloneServer;

/** Everybody is in the tavern and hears what is said there. */
public final class Tavern {
    static final Event<String> SAY = Event.of("chat:say", String.class);
    static final Event<String> SAID = Event.of("chat:said", String.class);

    static void rules(NamespaceSetup tavern) {
        tavern.onConnect(session -> session.join("zone:tavern"));
        tavern.on(SAY, (session, text) -> session.room("zone:tavern").emit(SAID, text));
    }

    public static void main(String[] args) {
        StandaloneServer.start(Realtime.builder().namespace("/", Tavern::rules).build(), 8080);
    }
}
