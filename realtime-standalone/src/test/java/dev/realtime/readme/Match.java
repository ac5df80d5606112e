package dev.realtime.readme;

import dev.realtime.Attribute;
import dev.realtime.Fetched;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.Room;
import dev.realtime.RoomKind;
import dev.realtime.jwt.JwtAuthenticator;
import java.time.Duration;
import java.util.List;

/** Matches that players join, and a question to everybody in one. */
final class Match {
    record Join(String match) {}

    record Joined(List<String> members) {
        static Joined with(Fetched fetched) {
            return new Joined(fetched.sessions().stream()
                    .map(session -> session.principal().id())
                    .toList());
        }
    }

    record Ready(int round) {}

    static final RoomKind MATCH = RoomKind.named("match");
    static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
    static final Request<Join, Joined> JOIN = Request.of("match:join", Join.class, Joined.class);
    static final Request<Ready, Boolean> READY = Request.of("match:ready", Ready.class, Boolean.class);

    static RealtimeBuilder game(String secret) {
        return Realtime.builder()
                .authenticator(JwtAuthenticator.hmac256(secret).issuer("game"))
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .namespace(
                        "/",
                        game -> game.onAsync(JOIN, (session, join) -> {
                                    session.set(TEAM, "red"); // recorded: survives the connection
                                    Room room = session.join(MATCH.of(join.match())); // a client's name stays a match
                                    return room.fetch().thenApply(Joined::with); // of all nodes
                                })
                                .onSuspend(
                                        (session, reason) -> System.out.println(session.id() + " is away: " + reason))
                                .onResume(session -> System.out.println(session.id() + " is back and missed nothing"))
                                .onDisconnect(
                                        (session, reason) -> System.out.println(session.id() + " is gone: " + reason)));
    }

    static void start(Realtime realtime, String match) {
        realtime.namespace("/")
                .room(MATCH.of(match))
                .request(READY, new Ready(1), Duration.ofSeconds(5))
                .thenAccept(replies -> System.out.println(replies.answers().size() + " ready, "
                        + replies.missing().size() + " silent"));
    }

    private Match() {}
}
