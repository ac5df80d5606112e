package dev.realtime.redis.faults;

import dev.realtime.Position;
import dev.realtime.redis.faults.ZoneClient.Life;
import dev.realtime.redis.faults.ZoneClient.Received;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the clients' own books prove. The log of a zone is what anybody received there, ordered by offset; within one session a client must
 * have received all of it between its first event as a confirmed member and its last, once and in order. A session that was followed by a fresh one may lack
 * some: its client was told.
 *
 * @param lost events that stand between two events of a session without having reached it, and accepted ones that nobody received
 * @param duplicated events that a session received twice
 * @param reordered events that came before an earlier one
 * @param resumed how often a session was recovered
 * @param gaps how often a client was told, by a fresh session, that something may be missing
 * @param delivered events received by all clients together
 */
record Evidence(int lost, int duplicated, int reordered, int resumed, int gaps, long delivered, List<String> examples) {

    /**
     * What one client wrote down.
     *
     * @param resumed how often it was recovered
     * @param diary what it did, for the one who looks for the cause of a loss
     */
    record Book(String zone, List<Life> lives, int resumed, List<String> diary) {
        /** Each fresh session tells it that something may be missing. */
        int gaps() {
            return Math.max(0, lives.size() - 1);
        }
    }

    /** @param accepted what was said and acknowledged, by zone */
    static Evidence of(Collection<Book> clients, Map<String, Set<String>> accepted) {
        Map<String, TreeMap<Position, String>> logs = new HashMap<>();
        for (Book client : clients) {
            TreeMap<Position, String> log = logs.computeIfAbsent(client.zone(), zone -> new TreeMap<>());
            for (Life life : client.lives()) {
                for (Received received : life.received()) {
                    log.put(place(received), received.text());
                }
            }
        }
        Tally tally = new Tally();
        accepted.forEach((zone, texts) -> {
            Set<String> seen =
                    new HashSet<>(logs.getOrDefault(zone, new TreeMap<>()).values());
            for (String text : texts) {
                if (!seen.contains(text)) {
                    tally.lost++;
                    tally.example("nobody in " + zone + " received the accepted '" + text + "'");
                }
            }
        });
        int resumed = 0;
        int gaps = 0;
        long delivered = 0;
        for (Book client : clients) {
            TreeMap<Position, String> log = logs.getOrDefault(client.zone(), new TreeMap<>());
            resumed += client.resumed();
            gaps += client.gaps();
            List<Life> lives = client.lives();
            for (int i = 0; i < lives.size(); i++) {
                delivered += lives.get(i).received().size();
                int before = tally.examples.size();
                tally.check(lives.get(i), log, i == lives.size() - 1);
                if (tally.examples.size() > before) {
                    System.out.println("the client of session " + lives.get(i).sessionId() + ":\n  "
                            + String.join("\n  ", client.diary()) + "\n  received "
                            + lives.get(i).received());
                }
            }
        }
        return new Evidence(tally.lost, tally.duplicated, tally.reordered, resumed, gaps, delivered, tally.examples);
    }

    private static Position place(Received received) {
        Position position = Position.parse(received.offset());
        if (position == null) {
            throw new AssertionError("'" + received.offset() + "' is not an offset");
        }
        return position;
    }

    /** Counts. */
    private static final class Tally {
        private static final int EXAMPLES = 10;

        private final List<String> examples = new ArrayList<>();
        private int lost;
        private int duplicated;
        private int reordered;

        void check(Life life, TreeMap<Position, String> log, boolean mustBeWhole) {
            Set<Position> seen = new HashSet<>();
            Position first = null;
            Position latest = null;
            int count = 0;
            for (Received received : life.received()) {
                Position at = place(received);
                if (!seen.add(at)) {
                    duplicated++;
                    example("session " + life.sessionId() + " received " + received + " twice");
                } else if (latest != null && at.isBefore(latest)) {
                    reordered++;
                    example("session " + life.sessionId() + " received " + received + " after " + latest);
                }
                if (count++ >= life.member()) {
                    first = first == null || at.isBefore(first) ? at : first;
                }
                latest = latest == null ? at : Position.max(latest, at);
            }
            if (mustBeWhole && first != null && latest != null) {
                for (Map.Entry<Position, String> entry :
                        log.subMap(first, true, latest, true).entrySet()) {
                    if (!seen.contains(entry.getKey())) {
                        lost++;
                        example("session " + life.sessionId() + " never received " + entry);
                    }
                }
            }
        }

        void example(String text) {
            if (examples.size() < EXAMPLES) {
                examples.add(text);
            }
        }
    }
}
