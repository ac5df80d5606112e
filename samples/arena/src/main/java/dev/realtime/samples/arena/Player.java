package dev.realtime.samples.arena;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in the world, as everybody sees them.
 *
 * @param zone null before the first zone is entered, and so are the coordinates
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Player(
        String id,
        String name,
        String colour,
        @Nullable Double x,
        @Nullable Double y,
        @Nullable String zone) {

    /** A newcomer, who is nowhere yet. */
    static Player newcomer(String id, String name, String colour) {
        return new Player(id, name, colour, null, null, null);
    }

    Player at(double newX, double newY) {
        return new Player(id, name, colour, newX, newY, zone);
    }

    Player in(Zone entered) {
        double atX = x == null ? entered.startX() : x;
        double atY = y == null ? entered.startY() : y;
        return new Player(id, name, colour, atX, atY, entered.id());
    }
}
