package dev.realtime.internal.requests;

import java.util.HashSet;
import java.util.Set;

/** Which of the other nodes have answered a question. Guarded by whoever asks. */
final class AnsweredNodes {
    private static final int UNKNOWN = -1;

    private final Set<String> nodes = new HashSet<>();
    private int expected = UNKNOWN;

    void expect(int others) {
        expected = others;
    }

    /** False when this node has answered before. */
    boolean answered(String node) {
        return nodes.add(node);
    }

    boolean isComplete() {
        return expected != UNKNOWN && nodes.size() >= expected;
    }

    /** How many have not answered; one while it is not known how many there are. */
    int missing() {
        return expected == UNKNOWN ? 1 : Math.max(0, expected - nodes.size());
    }
}
