package dev.realtime.javadoc;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.RoomKind;
import dev.realtime.drain.DrainOptions;
import dev.realtime.spi.Backend;
import java.time.Duration;

/** What the Javadoc of {@link Realtime} shows. */
final class RealtimeExamples {
    record Chat(String text) {}

    record Said(String from, String text) {}

    static final Event<Chat> SAY = Event.of("say", Chat.class);
    static final Event<Said> SAID = Event.of("said", Said.class);
    static final RoomKind ZONE = RoomKind.named("zone");

    private RealtimeExamples() {}

    static Realtime game() {
        Realtime realtime = Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(
                                        SAY,
                                        (session, chat) -> session.room("zone:tavern")
                                                .emit(SAID, new Said(session.id(), chat.text()))))
                .build();
        return realtime;
    }

    static void fromTheBackend(Realtime realtime) {
        realtime.namespace("/").room("zone:tavern").emit(SAID, new Said("the keeper", "last orders"));
        realtime.namespace("/").user("u7").disconnect(false);
    }

    static Realtime node(Backend backend) {
        Realtime node = Realtime.builder()
                .backend(backend)
                .recovery(Recovery.within(Duration.ofMinutes(5)))
                .namespace("/", game -> game.allowAnonymous())
                .build();
        return node;
    }

    static void stop(Realtime realtime) {
        realtime.drain(DrainOptions.DEFAULT).thenRun(realtime::close);
    }
}
