package dev.realtime.simulation;

import dev.realtime.Session;
import dev.realtime.testkit.simulation.SimulatedCluster;

/** The cluster of one run, its application, and the model that both are held to. */
final class ModelledCluster {
    final SimulatedCluster run;
    final LogModel history;
    final RecordingGame game;
    private int marks;

    ModelledCluster(SimulatedCluster run) {
        this.run = run;
        this.history = new LogModel(run);
        this.game = new RecordingGame(this);
        run.cluster().backend().watch(history);
    }

    int nextMark() {
        return ++marks;
    }

    /** A reliable event, to be emitted on a node. */
    GameContracts.Mark mark(String node) {
        int mark = nextMark();
        history.emits(mark, node);
        return new GameContracts.Mark(mark);
    }

    /** Emits to a session alone. */
    int emit(String node, Session session) {
        GameContracts.Mark mark = mark(node);
        var unused = session.emit(GameContracts.RELIABLE, mark);
        return mark.n();
    }

    /** The application on a node sends a session away, with a last word. */
    void dismiss(String node, Session session) {
        run.note(node + " dismisses " + session.id());
        history.life(session.id()).dismissedAt.add(node);
        history.life(session.id()).lastWords = emit(node, session);
        session.disconnect();
    }

    void resumed(String session, String node) {
        if (run.incidents().isExcused(node)) {
            return; // its claim was answered long ago
        }
        SessionModel life = history.life(session);
        life.ends.forEach((by, reason) -> {
            if (!reason.equals("SERVER_STOPPING") && !run.incidents().isExcused(by)) {
                run.violation("I17: " + session + " was resumed on " + node + " after " + by
                        + " had said that it has ended: " + life.heard);
            }
        });
    }

    void ended(String session, String node, String reason) {
        SessionModel life = history.life(session);
        if (!life.holder.isEmpty() && !life.holder.equals(node)) {
            if (!reason.equals("SERVER_STOPPING") && !run.incidents().isExcused(node)) {
                run.violation("I17: " + node + " says that " + session + " has ended, which " + life.holder + " has");
            }
            return;
        }
        boolean again = life.ends.entrySet().stream()
                .anyMatch(end -> !end.getValue().equals("SERVER_STOPPING")
                        && !run.incidents().wasCut(end.getKey()));
        life.ends.put(node, reason);
        life.endedAt = Math.min(life.endedAt, run.now());
        if (again && run.incidents().breaks().isEmpty() && !reason.equals("SERVER_STOPPING")) {
            run.violation("I17: " + session + " ended more than once: " + life.heard);
        }
    }
}
