package dev.realtime.samples.arena;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the world. A player is there by one session: a newer one takes over, and what the older one still says does not count.
 * Thread-safe.
 */
final class Players {
    private final Map<String, Presence> present = new LinkedHashMap<>();
    private final InstantSource clock;

    Players(InstantSource clock) {
        this.clock = clock;
    }

    /** @param movedAt when the position was last told; null before */
    private record Presence(
            Player player, String session, @Nullable Instant movedAt) {}

    /** What changed by entering a zone. */
    record Change(@Nullable String from, Player now) {
        /** Whether it is another zone than before. */
        boolean isNew() {
            return !java.util.Objects.equals(from, now.zone());
        }
    }

    /** Somebody is there by this session from now on. Returns the session that it replaces. */
    synchronized Optional<String> arrive(Player newcomer, String session) {
        Presence before = present.get(newcomer.id());
        Player player = before == null ? newcomer : before.player();
        present.put(newcomer.id(), new Presence(player, session, before == null ? null : before.movedAt()));
        return Optional.ofNullable(before).map(Presence::session);
    }

    /** Empty if the player is not there by this session. */
    synchronized Optional<Change> enter(String id, String session, Zone zone) {
        return by(id, session).map(before -> {
            Player now = before.player().in(zone);
            present.put(id, new Presence(now, session, before.movedAt()));
            return new Change(before.player().zone(), now);
        });
    }

    /** Goes there, or as far as the time since the last step allows; the first step is free. Empty as in {@link #enter}. */
    synchronized Optional<Player> move(String id, String session, double x, double y) {
        return by(id, session).map(before -> {
            Instant at = clock.instant();
            Player now = step(before, x, y, at);
            present.put(id, new Presence(now, session, at));
            return now;
        });
    }

    private static Player step(Presence before, double x, double y, Instant at) {
        Double fromX = before.player().x();
        Double fromY = before.player().y();
        if (before.movedAt() == null || fromX == null || fromY == null) {
            return before.player().at(x, y);
        }
        double[] reached = Pace.step(fromX, fromY, x, y, Duration.between(before.movedAt(), at));
        return before.player().at(reached[0], reached[1]);
    }

    /** The player has gone. Empty as in {@link #enter}. */
    synchronized Optional<Player> leave(String id, String session) {
        Optional<Presence> gone = by(id, session);
        gone.ifPresent(presence -> present.remove(id));
        return gone.map(Presence::player);
    }

    synchronized Optional<Player> find(String id) {
        return Optional.ofNullable(present.get(id)).map(Presence::player);
    }

    synchronized List<Player> in(Zone zone) {
        return all().stream().filter(player -> zone.id().equals(player.zone())).toList();
    }

    synchronized List<Player> all() {
        return present.values().stream().map(Presence::player).toList();
    }

    private Optional<Presence> by(String id, String session) {
        return Optional.ofNullable(present.get(id))
                .filter(presence -> presence.session().equals(session));
    }
}
