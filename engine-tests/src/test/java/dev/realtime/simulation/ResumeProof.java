package dev.realtime.simulation;

import java.util.List;

/** Proves that whoever wanted its session back got it, unless there was a reason not to, and that the application heard of it (I2, I7, I17). */
final class ResumeProof {
    private final ModelledCluster world;
    private final List<RandomClient> clients;

    ResumeProof(ModelledCluster world, List<RandomClient> clients) {
        this.world = world;
        this.clients = clients;
    }

    void check() {
        for (RandomClient client : clients) {
            client.attempts.forEach(this::check);
        }
        for (SessionModel life : world.history.lives.values()) {
            listeners(life);
            if (world.history.disconnected(life) != null
                    && world.run.incidents().breaks().isEmpty()
                    && isOpen(life)) {
                world.run.violation(
                        "I4: " + life.id + " goes on after its disconnect at " + world.history.disconnected(life));
            }
            if (!world.run.incidents().breaks().isEmpty()
                    && isOpen(life)
                    && !life.epoch.equals(world.run.cluster().backend().epoch())) {
                world.run.violation("I7: " + life.id + " of " + life.epoch + " goes on");
            }
        }
    }

    private static boolean isOpen(SessionModel life) {
        return !life.segments.isEmpty() && !life.segments.get(life.segments.size() - 1).over;
    }

    private void check(RandomClient.ResumeAttempt attempt) {
        if (attempt.got == null || attempt.session == null || attempt.got.equals(attempt.session)) {
            return;
        }
        SessionModel fresh = world.history.life(attempt.got);
        String first = fresh.heard.isEmpty() ? "" : fresh.heard.get(0);
        if (!first.startsWith("fresh ")) {
            if (world.run.isRunning(attempt.node)) {
                world.run.violation("I2: " + attempt.got + " is fresh instead of " + attempt.session
                        + ", and nobody was told: " + fresh.heard);
            }
            return;
        }
        String reason = first.split(" ", 3)[1];
        SessionModel old = world.history.life(attempt.session);
        if (!isJustified(reason, attempt, old)) {
            world.run.violation("I2: " + attempt.session + " was not resumed on " + attempt.node + " at " + attempt.when
                    + ": " + reason + ", but got " + attempt.got + "; " + old.heard + ", ends " + old.ends);
        }
    }

    private boolean isJustified(String reason, RandomClient.ResumeAttempt attempt, SessionModel old) {
        boolean failedOver = !world.run.incidents().breaks().isEmpty();
        return switch (reason) {
            case "UNKNOWN_SESSION" -> failedOver || old.lost || !attempt.wasKnown || isOver(old, attempt.node);
            case "CREDENTIALS_CHANGED" -> !old.user.equals(attempt.user);
            case "ROOM_FORBIDDEN" -> true;
            case "EPOCH_CHANGED" -> failedOver;
            case "BACKEND_FAILED" -> world.run.incidents().wasCut(attempt.node);
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
                || world.history.disconnected(old) != null
                || (removed != null
                        && (!world.run.isRunning(removed)
                                || world.run.incidents().wasCut(removed)));
    }

    private void listeners(SessionModel life) {
        long connects =
                life.heard.stream().filter(call -> call.startsWith("connect ")).count();
        if (connects > 1) {
            world.run.violation("I17: " + life.id + " was connected " + connects + " times: " + life.heard);
        }
    }
}
