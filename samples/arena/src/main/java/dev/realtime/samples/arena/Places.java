package dev.realtime.samples.arena;

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
 * Where the players stand. That is not kept in a table of this process but with the sessions themselves, as recorded attributes: so it is
 * known to every node, goes along when a session moves to another one, and is gone when the session is.
 */
final class Places {
    /** Who a player is, and where the last zone was entered. Presence shows it, with an entry in the log for each change. */
    static final Attribute<Player> PLAYER = Attribute.recorded("player", Player.class);

    /**
     * Recorded with every step, and not shown. A session's record is written once at a time, so somebody who walks is recorded as often as
     * the backend can take it and not once per step.
     */
    private static final Attribute<Spot> SPOT = Attribute.recorded("spot", Spot.class);

    private static final Attribute<Instant> MOVED_AT = Attribute.local("movedAt", Instant.class);

    private final InstantSource clock;

    Places(InstantSource clock) {
        this.clock = clock;
    }

    private record Spot(double x, double y) {}

    Player of(Session session) {
        Player known = session.get(PLAYER);
        Spot spot = session.get(SPOT);
        Player player = known == null ? newcomer(session.principal()) : known;
        return spot == null ? player : player.at(spot.x(), spot.y());
    }

    /** Shows a player who is nowhere yet. */
    void begin(Session session) {
        session.set(PLAYER, newcomer(session.principal()));
    }

    void enter(Session session, Zone zone) {
        Player before = of(session);
        if (!zone.id().equals(before.zone())) {
            session.set(PLAYER, before.in(zone));
        }
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
        if (after.x() != null && after.y() != null) {
            session.set(SPOT, new Spot(after.x(), after.y()));
        }
        return after;
    }

    /** The players of sessions on any node. */
    static List<Player> players(Fetched found) {
        return found.sessions().stream().flatMap(view -> player(view).stream()).toList();
    }

    /** The players who are in a zone, on any node. Waits for the other nodes. */
    static List<Player> inZones(Namespace game) {
        return players(game.fetch().toCompletableFuture().join()).stream()
                .filter(player -> player.zone() != null)
                .toList();
    }

    /** Empty where a server of another kind has the session, or its node knows nothing of it yet. */
    private static Optional<Player> player(SessionView view) {
        Player known = view.get(PLAYER);
        Spot spot = view.get(SPOT);
        if (known == null || spot == null) {
            return Optional.ofNullable(known);
        }
        return Optional.of(known.at(spot.x(), spot.y()));
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
