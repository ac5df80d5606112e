package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Proves that of every session whose beginning an application was told, one application was told the end, once, whatever failed (I23). Five
 * things nobody can know, and they are all that is excused: what was told in the very moment in which a node was killed or froze; a session that
 * only nodes knew which are gone, when the backend has lost its record; an end that the backend has lost while the node that said it was
 * gone or frozen; who has a session, when the backend has lost it while it moved; and what follows when the last node has stopped in order.
 */
final class EndProof {
    private static final String LAST_NODE_STOPS = "SERVER_STOPPING";

    private final ModelledCluster world;

    EndProof(ModelledCluster world) {
        this.world = world;
    }

    void check() {
        world.history.lives.values().forEach(this::check);
    }

    private void check(SessionModel life) {
        boolean begun = life.heard.stream().anyMatch(call -> call.startsWith("connect "));
        List<String> ends = ends(life);
        if (ends.size() > life.copies + forgotten(life)) {
            violation(life, "ended " + ends.size() + " times");
        } else if (begun && ends.isEmpty() && !isUnknowable(life)) {
            violation(life, "has begun, and nobody said that it has ended");
        } else if (!begun && !ends.isEmpty() && !hasVanished(life.birthplace)) {
            violation(life, "has ended, and nobody said that it had begun");
        }
    }

    private void violation(SessionModel life, String what) {
        world.run.violation("I23: " + life.id + " " + what + ": " + life.heard);
    }

    /** Who stops as the last says the end, since nobody else may ever; a client that finds a new node in time goes on, and ends once more. */
    private static List<String> ends(SessionModel life) {
        List<String> ends = new ArrayList<>();
        String last = ""; // who has stopped as the last
        for (String call : life.heard) {
            boolean isEnd = call.startsWith("end ") && !call.startsWith("end moved ");
            String node = call.substring(call.lastIndexOf(' ') + 1);
            if ((isEnd || call.startsWith("resume ")) && !last.isEmpty() && !last.equals(node)) {
                ends.remove(ends.size() - 1);
                last = "";
            }
            if (isEnd) {
                ends.add(call);
                last = call.startsWith("end " + LAST_NODE_STOPS + " ") ? node : "";
            }
        }
        return ends;
    }

    private boolean hasVanished(String node) {
        return world.run.incidents().wasKilled(node) || world.run.incidents().wasFrozenForLong(node);
    }

    private long forgotten(SessionModel life) {
        return life.forgotten.stream()
                .filter(node -> world.run.incidents().wasFrozenForLong(node)
                        || life.outOfReach.contains(node)
                        || !world.run.isRunning(node))
                .count();
    }

    private boolean isUnknowable(SessionModel life) {
        String removed = life.removed;
        boolean killedWhileItEnded = removed != null && world.run.incidents().wasKilled(removed);
        boolean killedWhileItBegan =
                life.stored == null && world.run.incidents().wasKilled(life.birthplace);
        boolean forgotten = life.lost && !life.recordStored && !world.run.isRunning(life.holder);
        return killedWhileItEnded || killedWhileItBegan || forgotten || life.lostWithItsClaim;
    }
}
