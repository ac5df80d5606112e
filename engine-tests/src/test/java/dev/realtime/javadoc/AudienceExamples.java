package dev.realtime.javadoc;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RoomKey;
import dev.realtime.Session;

/** What the Javadoc of {@link Audience} shows. */
final class AudienceExamples {
    static final Event<String> NEWS = Event.of("news", String.class);
    static final Event<String> SAID = Event.of("said", String.class);
    static final Event<String> MAIL = Event.of("mail", String.class);
    static final Event<String> AT = Event.of("at", String.class);
    static final Event<String> START = Event.of("start", String.class);

    private AudienceExamples() {}

    static void selections(Realtime realtime, Session session, String text) {
        Namespace game = realtime.namespace("/");

        // everybody, a room, two rooms and each session once
        game.emit(NEWS, text);
        game.room("zone:tavern").emit(SAID, text);
        game.room("zone:tavern").room("zone:cellar").emit(SAID, text);

        // a room but one session, all sessions of a user, what may be lost
        game.room("zone:tavern").except(session).emit(SAID, text);
        game.user("u7").emit(MAIL, text);
        game.room("zone:tavern").asVolatile().coalesce("p7").emit(AT, text);
    }

    static void order(Namespace game, String text) {
        game.room("team:red").join(RoomKey.parse("match:7"));
        game.room("match:7").emit(START, text); // the red team gets it
    }
}
