package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.List;
import java.util.function.Consumer;

/** The contracts that these tests speak, and short words for what they do all the time. */
final class Game {
    record Text(String text) {}

    record Number(int value) {}

    record Point(int x, int y) {}

    record Room(String name) {}

    /** Sent by the server to be counted: {@code 0, 1, 2 …}. */
    static final Event<Number> TICK = Event.of("tick", Number.class);

    static final Event<Text> SAID = Event.of("said", Text.class);
    static final Event<Text> SAY = Event.of("say", Text.class);
    static final Event<Point> MOVED = Event.ofArguments("moved", Point.class);
    static final Event<Void> PING = Event.of("knock");
    static final Request<Text, Text> ECHO = Request.of("echo", Text.class, Text.class);
    static final Request<Number, Number> DOUBLE = Request.of("double", Number.class, Number.class);
    static final Request<Room, Number> JOIN = Request.of("join", Room.class, Number.class);
    static final Request<Room, Number> LEAVE = Request.of("leave", Room.class, Number.class);
    static final RoomKind ZONE = RoomKind.named("zone");

    private Game() {}

    /** One namespace that everybody may enter, with an echo and rooms at the client's wish. */
    static RealtimeBuilder open() {
        return open(game -> {});
    }

    /** The same and more. */
    static RealtimeBuilder open(Consumer<NamespaceSetup> more) {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> more.accept(game.allowAnonymous()
                                .on(SAY, (session, said) -> session.emit(SAID, said))
                                .on(ECHO, (session, text) -> text)
                                .on(
                                        JOIN,
                                        (session, room) -> new Number(session.join(ZONE.of(room.name()))
                                                .size()))
                                .on(LEAVE, (session, room) -> {
                                    session.leave(ZONE.of(room.name()));
                                    return new Number(0);
                                })));
    }

    static Session session(TestRealtime realtime, TestClient client) {
        return realtime.namespace(client.namespace()).find(client.id()).orElseThrow();
    }

    /** Emits {@code from … through - 1} to everybody. */
    static void ticks(TestRealtime realtime, int from, int through) {
        for (int i = from; i < through; i++) {
            realtime.await(realtime.namespace("/").emit(TICK, new Number(i)));
        }
    }

    static List<Integer> ticks(TestClient client) {
        return client.received(TICK).stream().map(Number::value).toList();
    }

    /** The code of the error that the server sent for an event without acknowledgement. */
    static String errorEvent(TestClient client) {
        ReceivedEvent error = client.nextRaw("realtime:error");
        return error.arguments().get(0).path("code").asText();
    }
}
