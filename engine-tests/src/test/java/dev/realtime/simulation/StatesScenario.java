package dev.realtime.simulation;

import dev.realtime.RealtimeBuilder;
import dev.realtime.Session;
import dev.realtime.state.SharedState;
import dev.realtime.state.State;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateValue;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A state that all nodes change at once, and clients that watch it (I26): each session gets a snapshot and then every version once and in order, resumed or not, whoever is killed between the store
 * and the log; each change that was made counts once; all see the last version when all is well; and no client sees a version go back, whatever the backend loses.
 */
final class StatesScenario implements Scenario {
    /** @param by the change that made it */
    record Count(int number, int by) {}

    static final State<Count> COUNT = State.of("count", Count.class);
    private static final String KEY = "g7";
    private static final int CLIENTS = 4;

    private final SimulatedCluster run;
    private final List<StateViewer> viewers = new ArrayList<>();
    private final Map<String, Long> told = new TreeMap<>(); // to the application of a node
    private final Map<Integer, Integer> numbers = new TreeMap<>(); // that a change has made
    private int changes;
    private int done;
    private boolean calm;

    StatesScenario(SimulatedCluster run) {
        this.run = run;
        for (int number = 0; number < CLIENTS; number++) {
            viewers.add(new StateViewer(run, this, number));
        }
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options()
                .namespace(
                        "/",
                        game -> game.state(COUNT, (namespace, change) -> told(node, change))
                                .onConnect(session -> watch(node, session))
                                .onResume(session -> watch(node, session)));
    }

    private void watch(SimulatedNode node, Session session) {
        var unused = session.namespace().state(COUNT).of(KEY).watch(session).exceptionally(failure -> {
            run.note(session + " cannot watch: " + failure);
            if (!session.isClosed()) {
                node.later(Duration.ofMillis(200), () -> watch(node, session));
            }
            return null;
        });
    }

    @Override
    public void start() {
        viewers.forEach(StateViewer::tick);
        tick();
    }

    private void tick() {
        if (!calm) {
            List<TestNode> up = run.up();
            if (!up.isEmpty()) {
                change(run.any(up));
                if (run.random().nextInt(3) == 0) {
                    change(run.any(up)); // back to back
                }
            }
            run.after(Duration.ofMillis(10 + run.random().nextInt(200)), this::tick);
        }
    }

    private void change(TestNode node) {
        int change = ++changes;
        run.note("change " + change + " on " + node.realtime().node());
        SharedState<Count> state = node.namespace("/").state(COUNT).of(KEY);
        var unused = state.update("c" + change, now -> new Count(now == null ? 1 : now.number() + 1, change))
                .whenComplete((value, failure) -> {
                    run.note("change " + change + (failure == null ? " is done, " + value : " failed, " + failure));
                    if (failure == null) {
                        done++;
                    }
                });
    }

    private void told(SimulatedNode node, StateChange<Count> change) {
        long version = change.current().version();
        Long before = told.put(node.id(), version);
        if (before != null && before >= version) {
            run.violation(
                    "I26: the application on " + node.id() + " is told of version " + version + " behind " + before);
        }
    }

    /** A client has seen what a change has made. */
    void seen(int change, int number) {
        Integer before = numbers.putIfAbsent(change, number);
        if (before != null && before != number && run.incidents().breaks().isEmpty()) {
            run.violation("I26: change " + change + " was made twice, as number " + before + " and " + number);
        }
    }

    @Override
    public void calmDown() {
        calm = true;
        viewers.forEach(StateViewer::calmDown);
    }

    @Override
    public void speak() {
        change(run.any(run.up()));
    }

    @Override
    public void check() {
        run.cluster().advance(Duration.ofSeconds(12)); // states are looked after
        StateValue<Count> last = run.cluster()
                .await(run.any(run.up()).namespace("/").state(COUNT).of(KEY).read());
        run.note("the last is " + last);
        run.cluster().advance(Duration.ofSeconds(1));
        viewers.forEach(viewer -> viewer.check(last));
        Count count = last.value();
        if (run.incidents().breaks().isEmpty()
                && (count == null || count.number() < done || count.number() > changes)) {
            run.violation("I26: " + done + " changes of " + changes + " were made, and the state is " + last);
        }
    }

    @Override
    public void leave() {
        viewers.forEach(StateViewer::leave);
    }

    @Override
    public int deliveries() {
        return viewers.stream().mapToInt(StateViewer::seen).sum();
    }
}
