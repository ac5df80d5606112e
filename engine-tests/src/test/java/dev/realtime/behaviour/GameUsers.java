package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.User;
import dev.realtime.users.UserRules;
import java.time.Duration;

/** The game of docs/users.md. */
final class GameUsers {
    static final Event<Text> SAY = Event.of("say", Text.class).speech();
    static final Event<Text> SAID = Event.of("said", Text.class);

    private GameUsers() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                .namespace(
                        "/",
                        game -> game.on(
                                SAY,
                                (session, chat) -> session.room("zone:tavern").emit(SAID, chat)));
    }

    static void moderate(Realtime realtime) {
        User bob = realtime.users().user("bob");
        bob.mute(Duration.ofMinutes(10));
        bob.grant("build", Duration.ofHours(1));
        bob.disconnect("Kicked");
    }
}
