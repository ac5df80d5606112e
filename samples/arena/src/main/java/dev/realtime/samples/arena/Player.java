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

    private static final String[] COLOURS = {
        "#e8735a", "#f2a65a", "#f2d16b", "#9ccf6b", "#5fc9a1", "#5cc4d6", "#6fa3ef", "#8f8bf0", "#b98af0", "#e58ad0",
        "#f08aa5", "#c9b08a"
    };

    /** A newcomer; the colour follows from the id, so that it is the same on every node and after every restart. */
    static Player newcomer(String id, String name) {
        return new Player(id, name, COLOURS[Math.floorMod(id.hashCode(), COLOURS.length)], null, null, null);
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
