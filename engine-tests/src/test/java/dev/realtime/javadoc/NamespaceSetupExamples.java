package dev.realtime.javadoc;

import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.NamespaceSetup.RefusalForm;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.RoomKind;
import dev.realtime.batches.Batches;
import dev.realtime.throttle.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What the Javadoc of {@link NamespaceSetup} shows. */
final class NamespaceSetupExamples {
    record Chat(String text) {}

    record Buy(String item) {}

    record Match(String id) {}

    static final Event<Chat> SAY = Event.of("say", Chat.class);
    static final Event<Chat> SAID = Event.of("said", Chat.class);
    static final Event<String> MOVED = Event.of("moved", String.class);
    static final Event<Integer> HEALTH = Event.of("health", Integer.class);
    static final Request<Buy, Integer> BUY = Request.of("buy", Buy.class, Integer.class);
    static final Request<String, Match> FIND_MATCH = Request.of("match:find", String.class, Match.class);

    static final RoomKind GUILD = RoomKind.named("guild");
    static final RoomKind ADMIN = RoomKind.named("admin");
    static final Event<String> REMOVED = Event.of("removed", String.class);

    /** Knows who belongs together. */
    interface Guilds {
        boolean has(String guild, String user);
    }

    private final Set<String> lobby = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Match> found = new CompletableFuture<>();

    Realtime game() {
        Realtime realtime = Realtime.builder()
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(
                                        SAY,
                                        (session, chat) ->
                                                session.room("zone:tavern").emit(SAID, chat))
                                .on(BUY, (session, buy) -> buy.item().length())
                                .onDisconnect((session, reason) -> lobby.remove(session.id())))
                .build();
        return realtime;
    }

    static void batches(NamespaceSetup game) {
        game.batches(Batches.of(MOVED, HEALTH).within(Duration.ofMillis(50)).most(64));
    }

    static void throttle(NamespaceSetup game) {
        game.throttle(Throttle.of(MOVED).atMostEvery(Duration.ofMillis(200)));
    }

    static void refusals(NamespaceSetup game) {
        game.refusals(RefusalForm.VALUE); // ack({error: {code, message}}): the default
        game.refusals(RefusalForm.ERROR_FIRST); // ack({code, message})
        game.refusals(RefusalForm.NOTHING); // as with Node.js, the client's own timeout ends it
    }

    void later(NamespaceSetup game) {
        game.onAcknowledge(FIND_MATCH, (session, wish, answer) -> {
            if (answer.isWanted()) {
                found.thenAccept(match -> answer.give(match));
            }
        });
    }

    static void rooms(NamespaceSetup game, Guilds guilds) {
        game.joins(GUILD, (principal, room) -> guilds.has(room.name(), principal.id()))
                .joins(ADMIN, (principal, room) -> principal.roles().contains("admin"))
                .onRoomLost((session, room) -> session.emit(REMOVED, room.toString()));
    }

    /** Knows who is a player, and what else. */
    interface Accounts {
        Optional<Account> find(String id);
    }

    record Account(boolean isBanned, Set<String> roles) {}

    static void again(NamespaceSetup game, Accounts accounts) {
        game.revalidate(
                Duration.ofMinutes(5),
                principal -> accounts.find(principal.id())
                        .filter(account -> !account.isBanned())
                        .map(account -> principal.roles(account.roles())));
    }

    static void late(NamespaceSetup chat) {
        chat.authenticateWithin(Duration.ofSeconds(10)).onAuthenticate(session -> session.join("chat:global"));
    }

    static void features(NamespaceSetup game) {
        game.features(
                principal -> Map.of("spectate", true, "kick", principal.roles().contains("moderator")));
    }

    /** Of this application. */
    static final class Rooms {
        static final RoomKind GUILD = NamespaceSetupExamples.GUILD;

        private Rooms() {}
    }

    static void absences(NamespaceSetup game, Attribute<String> GUILD) {
        game.absencesTo(session -> session.room(Rooms.GUILD.of(session.get(GUILD))));
    }
}
