package dev.realtime.simulation;

import java.util.List;

/** Proves that whoever wanted its session back got it, unless there was a reason not to, and that the application heard of it (I2, I7, I17). */
final class ResumeProof {
    private final ModelledCluster cluster;
    private final List<RandomClient> clients;

    ResumeProof(ModelledCluster cluster, List<RandomClient> clients) {
        this.cluster = cluster;
        this.clients = clients;
    }

    void check() {
        for (RandomClient client : clients) {
            client.attempts.forEach(this::check);
        }
        for (SessionModel model : cluster.log.sessions.values()) {
            listeners(model);
            if (cluster.log.disconnected(model) != null
                    && cluster.run.incidents().breaks().isEmpty()
                    && isOpen(model)) {
                cluster.run.violation(
                        "I4: " + model.id + " goes on after its disconnect at " + cluster.log.disconnected(model));
            }
            if (!cluster.run.incidents().breaks().isEmpty()
                    && isOpen(model)
                    && !model.epoch.equals(cluster.run.cluster().backend().epoch())) {
                cluster.run.violation("I7: " + model.id + " of " + model.epoch + " goes on");
            }
        }
    }

    private static boolean isOpen(SessionModel model) {
        return !model.segments.isEmpty() && !model.segments.get(model.segments.size() - 1).over;
    }

    private void check(RandomClient.ResumeAttempt attempt) {
        if (attempt.got == null || attempt.session == null || attempt.got.equals(attempt.session)) {
            return;
        }
        SessionModel fresh = cluster.log.session(attempt.got);
        String first =
                fresh.heard.stream() // of its node, which may have been frozen while the session went on elsewhere
                        .filter(call -> call.endsWith(" " + attempt.node))
                        .findFirst()
                        .orElse("");
        if (!first.startsWith("fresh ")) {
            if (cluster.run.isRunning(attempt.node)) {
                cluster.run.violation("I2: " + attempt.got + " is fresh instead of " + attempt.session
                        + ", and nobody was told: " + fresh.heard);
            }
            return;
        }
        String reason = first.split(" ", 3)[1];
        SessionModel old = cluster.log.session(attempt.session);
        if (!isJustified(reason, attempt, old)) {
            cluster.run.violation(
                    "I2: " + attempt.session + " was not resumed on " + attempt.node + " at " + attempt.when + ": "
                            + reason + ", but got " + attempt.got + "; " + old.heard + ", ends " + old.ends);
        }
    }

    private boolean isJustified(String reason, RandomClient.ResumeAttempt attempt, SessionModel old) {
        boolean failedOver = !cluster.run.incidents().breaks().isEmpty();
        return switch (reason) {
            case "UNKNOWN_SESSION" -> failedOver || old.lost || !attempt.wasKnown || isOver(old, attempt.node);
            case "CREDENTIALS_CHANGED" -> !old.user.equals(attempt.user);
            case "ROOM_FORBIDDEN" -> true;
            case "EPOCH_CHANGED" -> failedOver;
            case "BACKEND_FAILED" -> cluster.run.incidents().wasCut(attempt.node);
            case "BAD_OFFSET" -> failedOver;
            case "HISTORY_CUT" -> old.carried != null && old.start != null && old.carried.isAfter(old.start);
            default -> false;
        };
    }

    /** It has ended, and the application was told so, unless that could not be. */
    private boolean isOver(SessionModel old, String node) {
        String removed = old.removed;
        return !old.ends.isEmpty()
                || old.left
                || old.dismissedAt.contains(node)
                || cluster.log.disconnected(old) != null
                || (removed != null
                        && (!cluster.run.isRunning(removed)
                                || cluster.run.incidents().wasCut(removed)));
    }

    private void listeners(SessionModel model) {
        long connects =
                model.heard.stream().filter(call -> call.startsWith("connect ")).count();
        if (connects > 1) {
            cluster.run.violation("I17: " + model.id + " was connected " + connects + " times: " + model.heard);
        }
    }
}
