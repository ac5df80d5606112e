package dev.realtime.testkit.simulation;

import dev.realtime.testkit.simulation.Contracts.Load;
import java.util.Random;

/**
 * Much that a client says at once, behind a request whose handler takes its time: more than its session may hold, in number or in bytes. The
 * server stops reading and goes on when there is room; nothing is lost of it, nothing overtakes, and nobody is left unheard.
 *
 * @param size of what each event carries
 */
record Burst(int events, int size) {
    /** As many as may wait to be handled. */
    static final int EVENTS = 24;
    /** As many bytes; more than a connection has for nothing. */
    static final int BYTES = 8_192;
    /** So many milliseconds at most a handler is held up in front of it. */
    static final int LONGEST_HOLD = 300;

    private static final String BALLAST = "x".repeat(2_000);

    static Burst any(Random random) {
        return random.nextBoolean()
                ? new Burst(8 + random.nextInt(56), 0)
                : new Burst(4 + random.nextInt(12), 200 + random.nextInt(1_800));
    }

    Load load(int turn) {
        return new Load(turn, BALLAST.substring(0, size));
    }

    /** Nothing that came before it over the same connection has been left out (I17). */
    static void handled(World world, Life life, String session, int before, int turn) {
        Life.Segment over = life.saidOver(turn);
        if (over == null) {
            return;
        }
        int next = Math.max(before + 1, over.from);
        if (next < turn) {
            world.history.violation("I17: " + session + " handled " + turn + " without " + next + ", which "
                    + over.client + " had said before it over the same connection");
        }
        over.handled = Math.max(over.handled, turn);
    }
}
