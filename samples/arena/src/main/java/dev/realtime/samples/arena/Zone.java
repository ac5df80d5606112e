package dev.realtime.samples.arena;

/** A place: a rectangle of the world, and a room of its own for those who are in it. */
record Zone(String id, String title, double x, double y, double w, double h) {

    /** Where somebody stands who has not moved yet: in front of the middle. */
    double startX() {
        return x + w * 0.5;
    }

    double startY() {
        return y + h * 0.7;
    }
}
