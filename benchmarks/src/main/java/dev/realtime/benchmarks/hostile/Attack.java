package dev.realtime.benchmarks.hostile;

import java.util.List;

/** One way to hurt a server. */
interface Attack {
    /** What it is called on the command line. */
    String name();

    /** The largest heap that the server may have. */
    default int heapMegabytes() {
        return 512;
    }

    /** Switches of {@link HostileServer}. */
    default List<String> serverArguments() {
        return List.of();
    }

    /** Whether the server has stopped in good order when the attack is over. */
    default boolean stopsServer() {
        return false;
    }

    /**
     * Attacks, for a minute at most. What it opens through {@code intruders} stays until the figures have been taken.
     *
     * @return what only this attack has to say, empty for nothing
     */
    String run(Intruders intruders) throws Exception;
}
