package dev.realtime.samples.arena;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.realtime.Attribute;
import dev.realtime.Fetched;
import dev.realtime.Namespace;
import dev.realtime.Principal;
import dev.realtime.Session;
import dev.realtime.SessionView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Who is where. That is not kept in a table of this process but with the sessions themselves, as a recorded attribute: so it is known to
 * every node, goes along when a session moves to another one, and is gone when the session is.
 */
final class Presence {
    /**
     * Recorded with every step. A session's record is written once at a time, so somebody who walks is recorded as often as the backend
     * can take it and not once per step.
     */
    private static final Attribute<Player> PLAYER = Attribute.recorded("player", Player.class);

    private static final Attribute<Instant> MOVED_AT = Attribute.local("movedAt", Instant.class);

    private final InstantSource clock;

    Presence(InstantSource clock) {
        this.clock = clock;
    }

    Player of(Session session) {
        Player known = session.get(PLAYER);
        return known == null ? newcomer(session.principal()) : known;
    }

    void set(Session session, Player player) {
        session.set(PLAYER, player);
    }

    /** Goes there, or as far as the time since the last step allows; the first step is free. */
    Player step(Session session, double x, double y) {
        Player before = of(session);
        Instant now = clock.instant();
        Instant last = session.get(MOVED_AT);
        Player after = before.at(x, y);
        if (last != null && before.x() != null && before.y() != null) {
            double[] reached = Pace.step(before.x(), before.y(), x, y, Duration.between(last, now));
            after = before.at(reached[0], reached[1]);
        }
        session.set(MOVED_AT, now);
        set(session, after);
        return after;
    }

    /** The players of sessions on any node; those whose connection is lost are away. */
    static List<Player> players(Fetched found) {
        return found.sessions().stream()
                .flatMap(view -> player(view).stream().map(player -> player.away(!view.connected())))
                .toList();
    }

    /** The players who are in a zone, on any node. Waits for the other nodes. */
    static List<Player> inZones(Namespace game) {
        return players(game.fetch().toCompletableFuture().join()).stream()
                .filter(player -> player.zone() != null)
                .toList();
    }

    /** Empty where a server of another kind has the session, or its node knows nothing of it yet. */
    private static Optional<Player> player(SessionView view) {
        String json = view.attributes().get(PLAYER.name());
        try {
            return json == null ? Optional.empty() : Optional.of(Rest.JSON.readValue(json, Player.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static Player newcomer(Principal principal) {
        return Player.newcomer(
                principal.id(),
                claim(principal, Game.NAME, principal.id()),
                claim(principal, Game.COLOUR, Colours.PLAIN));
    }

    private static String claim(Principal principal, String name, String otherwise) {
        return principal.claims().get(name) instanceof String text ? text : otherwise;
    }
}
