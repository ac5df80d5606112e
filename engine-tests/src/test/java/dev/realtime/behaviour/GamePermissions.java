package dev.realtime.behaviour;

import dev.realtime.ConnectRefusedException;
import dev.realtime.Event;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The game of docs/permissions.md. */
final class GamePermissions {
    static final RoomKind GUILD = RoomKind.named("guild");
    static final RoomKind ADMIN = RoomKind.named("admin");
    static final Event<Text> SHOUT = Event.of("chat:shout", Text.class).permission("chat.global");
    static final Event<Text> JOIN = Event.of("guild:enter", Text.class);
    static final Event<Text> LOST = Event.of("room:lost", Text.class);

    private GamePermissions() {}

    /** What a database would know. */
    record Account(String id, boolean verified, Set<String> roles, Set<String> characters, Set<String> guilds) {}

    /** The database. */
    interface Accounts {
        Optional<Account> ofToken(String token);

        Optional<Account> find(String id);
    }

    static Optional<Principal> player(Accounts accounts, Handshake handshake) {
        Optional<String> token = handshake.auth("token");
        if (token.isEmpty()) {
            return Optional.empty(); // what this means is said below
        }
        Account account = accounts.ofToken(token.get())
                .filter(Account::verified)
                .orElseThrow(() -> new ConnectRefusedException("unverified", "Invalid or unverified user"));
        String character = handshake
                .auth("character")
                .filter(account.characters()::contains)
                .orElseThrow(() -> new ConnectRefusedException("character", "Invalid character"));
        return Optional.of(Principal.of(account.id())
                .roles(account.roles())
                .permissions(account.roles().contains("vip") ? Set.of("chat.global") : Set.of())
                .claims(Map.of("character", character)));
    }

    static void welcome(Session session) {
        if (!session.principal().anonymous()) { // onConnect is told of everybody
            session.join("chat:global");
        }
    }

    static RealtimeBuilder game(Accounts accounts) {
        return Realtime.builder()
                .authenticator(handshake -> player(accounts, handshake))
                .namespace(
                        "/",
                        game -> game.authenticateWithin(Duration.ofSeconds(10))
                                .onConnect(GamePermissions::welcome)
                                .onAuthenticate(GamePermissions::welcome)
                                .joins(
                                        GUILD,
                                        (principal, room) -> accounts.find(principal.id())
                                                .filter(account ->
                                                        account.guilds().contains(room.name()))
                                                .isPresent())
                                .protect(ADMIN)
                                .onRoomLost((session, room) -> session.emit(LOST, new Text(room.toString())))
                                .revalidate(
                                        Duration.ofMinutes(5),
                                        principal -> accounts.find(principal.id())
                                                .map(account -> principal.roles(account.roles())))
                                .on(
                                        SHOUT,
                                        (session, shout) -> session.namespace()
                                                .room("chat:global")
                                                .emit(SHOUT, shout))
                                .on(JOIN, (session, guild) -> session.join(GUILD.of(guild.text()))));
    }
}
