package dev.realtime.testkit.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Proves that of every session whose beginning an application was told, one application was told the end, once, whatever failed (I23). Five
 * things nobody can know, and they are all that is excused: what was told in the very moment in which a node was killed or froze; a session that
 * only nodes knew which are gone, when the backend has lost its record; an end that the backend has lost while the node that said it was
 * gone or frozen; who has a session, when the backend has lost it while it moved; and what follows when the last node has stopped in order.
 */
final class Ends {
    private static final String LAST_NODE_STOPS = "SERVER_STOPPING";

    private final World world;

    Ends(World world) {
        this.world = world;
    }

    void check() {
        world.history.lives.values().forEach(this::check);
    }

    private void check(Life life) {
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

    private void violation(Life life, String what) {
        world.history.violation("I23: " + life.id + " " + what + ": " + life.heard);
    }

    /** Who stops as the last says the end, since nobody else may ever; a client that finds a new node in time goes on, and ends once more. */
    private static List<String> ends(Life life) {
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
        return world.history.killedNodes.contains(node) || world.history.frozenNodes.contains(node);
    }

    private long forgotten(Life life) {
        return life.forgotten.stream()
                .filter(node -> world.history.frozenNodes.contains(node)
                        || life.outOfReach.contains(node)
                        || !world.isRunning(node))
                .count();
    }

    private boolean isUnknowable(Life life) {
        String removed = life.removed;
        boolean killedWhileItEnded = removed != null && world.history.killedNodes.contains(removed);
        boolean killedWhileItBegan = life.stored == null && world.history.killedNodes.contains(life.birthplace);
        boolean forgotten = life.lost && !life.recordStored && !world.isRunning(life.holder);
        return killedWhileItEnded || killedWhileItBegan || forgotten || life.lostWithItsClaim;
    }
}
