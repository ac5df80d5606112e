package dev.realtime.samples.arena;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in the world, as everybody sees them.
 *
 * @param zone null before the first zone is entered, and so are the coordinates
 * @param away true while the player's connection is lost; null otherwise, and never part of what a session records
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Player(
        String id,
        String name,
        String colour,
        @Nullable Double x,
        @Nullable Double y,
        @Nullable String zone,
        @Nullable Boolean away) {

    /** A newcomer, who is nowhere yet. */
    static Player newcomer(String id, String name, String colour) {
        return new Player(id, name, colour, null, null, null, null);
    }

    Player at(double newX, double newY) {
        return new Player(id, name, colour, newX, newY, zone, away);
    }

    Player in(Zone entered) {
        double atX = x == null ? entered.startX() : x;
        double atY = y == null ? entered.startY() : y;
        return new Player(id, name, colour, atX, atY, entered.id(), away);
    }

    Player away(boolean lost) {
        return new Player(id, name, colour, x, y, zone, lost ? true : null);
    }
}
