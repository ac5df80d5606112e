package dev.realtime.simulation;

import dev.realtime.state.StateValue;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that watches a state, loses its connection and comes back. */
final class StateViewer implements ClientWatcher {
    private final SimulatedCluster run;
    private final StatesScenario scenario;
    private final int number;
    private final List<String> session = new ArrayList<>(); // what it was shown
    private @Nullable TestClient client;
    private String sid = "";
    private long version; // the highest that it was shown
    private int count; // in this session
    private int seen;
    private boolean calm;
    private boolean over;

    StateViewer(SimulatedCluster run, StatesScenario scenario, int number) {
        this.run = run;
        this.scenario = scenario;
        this.number = number;
    }

    int seen() {
        return seen;
    }

    void calmDown() {
        calm = true;
    }

    void leave() {
        over = true;
        if (client != null && client.isOnline()) {
            client.disconnect();
        }
    }

    void tick() {
        if (over) {
            return;
        }
        TestClient current = client;
        if (current == null || !current.isOnline()) {
            enter();
        } else if (current.isConnected() && !calm) {
            int dice = run.random().nextInt(10);
            if (dice == 0) {
                current.dropConnection();
            } else if (dice == 1) {
                current.loseNetwork();
            }
        }
        run.after(Duration.ofMillis(calm ? 50 : 10 + run.random().nextInt(240)), this::tick);
    }

    private void enter() {
        if (run.up().isEmpty()) {
            return;
        }
        TestNode node = run.any(run.up());
        run.note(this + " enters " + node.realtime().node());
        try {
            if (client == null) {
                client = run.cluster().client(node.index()).user("u" + number).connect("/", this);
            } else {
                client.beginReconnect(node.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            run.note(this + " cannot enter: " + e.getMessage());
        }
    }

    @Override
    public void connected(TestClient current) {
        run.note(this + " is " + current.id() + (current.recovered() ? " again" : ""));
        if (!current.id().equals(sid)) {
            sid = current.id();
            session.clear();
        }
    }

    @Override
    public void disconnected(TestClient current, String reason) {
        run.note(this + " lost its connection: " + reason);
    }

    @Override
    public void received(TestClient current, ReceivedEvent event) {
        if (!event.name().startsWith("count:")) {
            return;
        }
        boolean first = session.isEmpty();
        boolean snapshot = event.name().equals("count:state-restored");
        var members = event.arguments().get(0);
        long now = members.path("version").asLong();
        int counted = members.path("state").path("number").asInt();
        String shown = (snapshot ? "snapshot " : "update ") + counted + " in version " + now;
        run.note(this + " is shown " + shown);
        seen++;
        scenario.seen(members.path("state").path("by").asInt(), counted);
        if (snapshot ? !first || now < version : now <= version) {
            violation(shown + " comes behind version " + version + " and " + session);
        } else if (!snapshot
                && !first
                && counted != count + 1
                && run.incidents().breaks().isEmpty()) {
            violation(shown + " comes behind number " + count + " and " + session);
        }
        session.add(shown);
        version = Math.max(version, now);
        count = counted;
    }

    private void violation(String what) {
        run.violation("I26: for " + this + " in session " + sid + " " + what);
    }

    void check(StateValue<StatesScenario.Count> last) {
        TestClient current = client;
        if (current == null || !current.isConnected()) {
            violation("it is not connected when all is well");
        } else if (version != last.version()) {
            violation("version " + version + " is the last that it was shown, and " + last + " is there");
        }
    }

    @Override
    public String toString() {
        return "viewer " + number;
    }
}
