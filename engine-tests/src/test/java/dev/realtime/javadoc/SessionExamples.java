package dev.realtime.javadoc;

import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Request;
import dev.realtime.Session;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** What the Javadoc of {@link Session} shows. */
final class SessionExamples {
    record Chat(String text) {}

    record Player(String id) {}

    record Ready(int round) {}

    static final Event<Chat> SAY = Event.of("say", Chat.class);
    static final Event<Chat> SAID = Event.of("said", Chat.class);
    static final Event<Player> JOINED = Event.of("joined", Player.class);
    static final Request<Ready, Ready> READY = Request.of("ready", Ready.class, Ready.class);
    static final Attribute<String> TEAM = Attribute.recorded("team", String.class);

    private final Set<String> away = new ConcurrentSkipListSet<>();

    void handlers(NamespaceSetup game) {
        game.onConnect(session -> {
                    session.set(TEAM, "red");
                    session.join("team:red");
                    session.others("team:red")
                            .emit(JOINED, new Player(session.principal().id()));
                })
                .on(
                        SAY,
                        (session, chat) ->
                                session.room("team:" + session.get(TEAM)).emit(SAID, chat))
                .onSuspend((session, reason) -> away.add(session.id()))
                .onResume(session -> away.remove(session.id()));
    }

    void question(Session session) {
        session.request(READY, new Ready(1), Duration.ofSeconds(10)).whenComplete((ready, failure) -> {
            if (failure != null) {
                session.disconnect();
            }
        });
    }
}
