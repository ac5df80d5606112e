package dev.realtime;

/** Kinds of rooms that the engine itself knows. */
public final class Rooms {
    /** All sessions of one user. The engine joins every session of a principal that is not anonymous. */
    public static final RoomKind USER = RoomKind.named("user");

    private Rooms() {}
}
