package dev.realtime.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Proves that of every session whose beginning an application was told, one application was told the end, once, whatever failed (I23). Five
 * things nobody can know, and they are all that is excused: what was told in the very moment in which a node was killed or froze; a session that
 * only nodes knew which are gone, when the backend has lost its record; an end that the backend has lost while the node that said it was
 * gone, frozen or hard to reach; who has a session, when the backend has lost it while it moved, or has lost a claim and the claimer was killed, or had
 * stopped, before it wrote the record again; and what follows when the last node has stopped in order.
 */
final class EndProof {
    private static final String LAST_NODE_STOPS = "SERVER_STOPPING";

    private final ModelledCluster cluster;

    EndProof(ModelledCluster cluster) {
        this.cluster = cluster;
    }

    void check() {
        cluster.log.sessions.values().forEach(this::check);
    }

    private void check(SessionModel model) {
        boolean begun = model.heard.stream().anyMatch(call -> call.startsWith("connect "));
        List<String> ends = ends(model);
        if (ends.size() > model.copies + forgotten(model)) {
            violation(model, "ended " + ends.size() + " times");
        } else if (begun && ends.isEmpty() && !isUnknowable(model)) {
            violation(model, "has begun, and nobody said that it has ended");
        } else if (!begun && !ends.isEmpty() && !hasVanished(model.birthplace)) {
            violation(model, "has ended, and nobody said that it had begun");
        }
    }

    private void violation(SessionModel model, String what) {
        cluster.run.violation("I23: " + model.id + " " + what + ": " + model.heard);
    }

    /** Who stops as the last says the end, since nobody else may ever; a client that finds a new node in time goes on, and ends once more. */
    private List<String> ends(SessionModel model) {
        List<String> ends = new ArrayList<>();
        String last = ""; // who has stopped as the last
        for (String call : model.heard) {
            boolean isEnd = call.startsWith("end ") && !call.startsWith("end moved ");
            String node = call.substring(call.lastIndexOf(' ') + 1);
            boolean resumes = call.startsWith("resume ")
                    && !cluster.run.incidents().wasFrozenForLong(node); // else it may have been long ago
            if ((isEnd || resumes) && !last.isEmpty() && !last.equals(node)) {
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
        return cluster.run.incidents().wasKilled(node)
                || cluster.run.incidents().wasFrozenForLong(node);
    }

    private long forgotten(SessionModel model) {
        return model.forgotten.stream()
                .filter(node -> cluster.run.incidents().wasFrozenForLong(node)
                        || model.outOfReach.contains(node)
                        || !cluster.run.isRunning(node))
                .count();
    }

    private boolean isUnknowable(SessionModel model) {
        String removed = model.removed;
        boolean killedWhileItEnded = removed != null && cluster.run.incidents().wasKilled(removed);
        boolean killedWhileItBegan =
                model.stored == null && cluster.run.incidents().wasKilled(model.birthplace);
        boolean forgotten = model.lost && !model.recordStored && !cluster.run.isRunning(model.holder);
        boolean goneWithItsClaim = model.claimsLost.stream()
                .anyMatch(node -> cluster.run.incidents().wasKilled(node)
                        || cluster.run.incidents().wasStopped(node));
        // its lease is lost too, so a record that it writes as it dies has no heir
        boolean writtenByTheDying = model.lost
                && cluster.run.incidents().wasKilled(model.holder)
                && cluster.run.incidents().wasCut(model.holder);
        return killedWhileItEnded
                || killedWhileItBegan
                || forgotten
                || writtenByTheDying
                || model.lostWithItsClaim
                || goneWithItsClaim;
    }
}
