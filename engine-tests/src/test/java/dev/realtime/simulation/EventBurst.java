package dev.realtime.simulation;

import dev.realtime.simulation.GameContracts.Load;
import java.util.Random;

/**
 * Much that a client says at once, behind a request whose handler takes its time: more than its session may hold, in number or in bytes. The
 * server stops reading and goes on when there is room; nothing is lost of it, nothing overtakes, and nobody is left unheard.
 *
 * @param hold for how many milliseconds a handler is held up in front of it, and once more behind its {@code middle}, if there is one
 * @param size of what each event carries
 */
record EventBurst(int hold, int events, int middle, int size) {
    /** As many as may wait to be handled. */
    static final int EVENTS = 24;
    /** As many bytes; more than a connection has for nothing. */
    static final int BYTES = 8_192;

    private static final int USUAL_HOLD = 300;
    /** Longer than a client may leave a ping unanswered. */
    private static final int LONG_HOLD = 2_400;

    private static final String BALLAST = "x".repeat(2_000);

    /** @param quick whether it must be over soon */
    static EventBurst any(Random random, boolean quick) {
        int hold = 1 + random.nextInt(quick || random.nextInt(4) > 0 ? USUAL_HOLD : LONG_HOLD);
        boolean many = random.nextBoolean();
        int events = many ? 8 + random.nextInt(56) : 4 + random.nextInt(12);
        return new EventBurst(hold, events, random.nextInt(2 * events), many ? 0 : 200 + random.nextInt(1_800));
    }

    Load load(int turn) {
        return new Load(turn, BALLAST.substring(0, size));
    }

    /** Nothing that came before it over the same connection has been left out (I17). */
    static void handled(ModelledCluster cluster, SessionModel model, String session, int before, int turn) {
        SessionModel.Segment over = model.saidOver(turn);
        if (over == null) {
            return;
        }
        int next = Math.max(before + 1, over.from);
        if (next < turn) {
            cluster.run.violation("I17: " + session + " handled " + turn + " without " + next + ", which " + over.client
                    + " had said before it over the same connection");
        }
        over.handled = Math.max(over.handled, turn);
    }

    /** A client that answers is not given up for its silence, whether it is read or not (I24). */
    static void suspended(ModelledCluster cluster, SessionModel model, String node, String reason) {
        SessionModel.Segment last = model.segments.isEmpty() ? null : model.segments.get(model.segments.size() - 1);
        if (reason.equals("PING_TIMEOUT")
                && last != null
                && last.node.equals(node)
                && !last.over
                && model.segments.stream()
                        .noneMatch(other -> other.node.equals(node) && other.silent) // it may be told late
                && !cluster.run.incidents().wasFrozen(node)) {
            cluster.run.violation("I24: " + node + " gave " + last.client + " up, which had answered each ping");
        }
    }
}
