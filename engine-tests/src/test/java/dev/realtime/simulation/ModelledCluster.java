package dev.realtime.simulation;

import dev.realtime.Session;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The cluster of one run, its application, and the model that both are held to. */
final class ModelledCluster {
    final SimulatedCluster run;
    final LogModel log;
    final RecordingGame game;
    final RateModel rates = new RateModel(this);

    @Nullable
    final PresenceProof presence;

    final boolean batched;

    private final Set<String> nodes = new TreeSet<>();
    private int marks;

    /**
     * @param withPresence whether its nodes say who is there
     * @param batched whether some of the reliable events reach clients in batches
     */
    ModelledCluster(SimulatedCluster run, boolean withPresence, boolean batched) {
        this.run = run;
        this.log = new LogModel(run);
        this.batched = batched;
        this.presence = withPresence ? new PresenceProof(this) : null;
        this.game = new RecordingGame(this);
        run.cluster().backend().watch(log);
    }

    /** A node has been there. */
    void sees(String node) {
        nodes.add(node);
    }

    Set<String> nodesSeen() {
        return nodes;
    }

    int nextMark() {
        return ++marks;
    }

    /** A reliable event, to be emitted on a node. */
    GameContracts.Mark mark(String node) {
        int mark = nextMark();
        log.emits(mark, node);
        return new GameContracts.Mark(mark);
    }

    /** Emits to a session alone. */
    int emit(String node, Session session) {
        GameContracts.Mark mark = mark(node);
        var unused = session.emit(GameContracts.reliable(mark), mark);
        return mark.n();
    }

    /** The application on a node sends a session away, with a last word. */
    void dismiss(String node, Session session) {
        run.note(node + " dismisses " + session.id());
        log.session(session.id()).dismissedAt.add(node);
        log.session(session.id()).lastWords = emit(node, session);
        session.disconnect();
    }

    void resumed(String session, String node) {
        if (run.incidents().isExcused(node)) {
            return; // its claim was answered long ago
        }
        SessionModel model = log.session(session);
        if (!model.holder.equals(node)) {
            return; // it has been claimed again since, and the application hears late, behind a handler that took long
        }
        model.ends.forEach((by, reason) -> {
            if (!reason.equals("SERVER_STOPPING") && !run.incidents().isExcused(by)) {
                run.violation("I17: " + session + " was resumed on " + node + " after " + by
                        + " had said that it has ended: " + model.heard);
            }
        });
    }

    void ended(String session, String node, String reason) {
        SessionModel model = log.session(session);
        if (!model.holder.isEmpty() && !model.holder.equals(node)) {
            if (!reason.equals("SERVER_STOPPING") && !run.incidents().isExcused(node)) {
                run.violation("I17: " + node + " says that " + session + " has ended, which " + model.holder + " has");
            }
            return;
        }
        boolean again = model.ends.entrySet().stream()
                .anyMatch(end -> !end.getValue().equals("SERVER_STOPPING")
                        && !run.incidents().wasCut(end.getKey()));
        model.ends.put(node, reason);
        model.endedAt = Math.min(model.endedAt, run.now());
        if (again && run.incidents().breaks().isEmpty() && !reason.equals("SERVER_STOPPING")) {
            run.violation("I17: " + session + " ended more than once: " + model.heard);
        }
    }
}
