package dev.realtime.simulation;

import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device of a user: it speaks, loses its connection and comes back by itself, as long as the server has not told it to go. Then somebody may log in on it
 * again, with a new socket.
 */
final class UserDevice implements ClientWatcher {
    private final SimulatedCluster run;
    private final UsersScenario scenario;
    private final int user;
    private final int number;
    private final Map<TestReply<?>, Long> asked = new LinkedHashMap<>(); // since when
    private @Nullable TestClient client;
    private boolean toldToGo;
    private boolean calm;
    private boolean over;

    UserDevice(SimulatedCluster run, UsersScenario scenario, int user, int number) {
        this.run = run;
        this.scenario = scenario;
        this.user = user;
        this.number = number;
    }

    int user() {
        return user;
    }

    boolean isConnected() {
        return client != null && client.isConnected();
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
        TestClient current = client;
        if (over) {
            return;
        }
        if (toldToGo) {
            if (current != null && current.isOnline() && !current.isConnected()) {
                current.closeConnection();
            }
            if (!calm && run.random().nextInt(8) == 0) {
                client = null;
                toldToGo = false;
            }
        } else if (current == null || !current.isOnline()) {
            enter(run.up());
        } else if (current.isConnected() && !calm) {
            act(current);
        }
        run.after(Duration.ofMillis(calm ? 50 : 10 + run.random().nextInt(240)), this::tick);
    }

    private void act(TestClient current) {
        int dice = run.random().nextInt(10);
        if (dice < 7) {
            asked.put(current.ask(UsersScenario.SAY, "hi"), run.now());
        } else if (dice == 7) {
            current.dropConnection();
        } else if (dice == 8) {
            current.loseNetwork();
        }
    }

    /** Somebody logs in on it, although it was told to go. */
    void logIn(TestNode node) {
        client = null;
        toldToGo = false;
        enter(List.of(node));
    }

    private void enter(List<TestNode> nodes) {
        if (nodes.isEmpty()) {
            return;
        }
        TestNode node = run.any(nodes);
        run.note(this + " enters " + node.realtime().node());
        try {
            if (client == null) {
                client = run.cluster().client(node.index()).user("u" + user).connect("/", this);
            } else {
                client.beginReconnect(node.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            run.note(this + " cannot enter: " + e.getMessage());
        }
    }

    /** Returns the error that it is told. */
    String speakNow() {
        TestClient current = client;
        if (current == null) {
            return "nothing";
        }
        TestReply<Void> reply = current.ask(UsersScenario.SAY, "at the end");
        run.cluster().advance(Duration.ofMillis(500));
        if (!reply.isAnswered()) {
            return "nothing";
        }
        return reply.answer().toString().contains("\"error\"") ? reply.errorCode() : "";
    }

    @Override
    public void connected(TestClient current) {
        run.note(this + " is " + current.id() + (current.recovered() ? " again" : ""));
        asked.put(current.ask(UsersScenario.SAY, "at once"), run.now());
    }

    @Override
    public void refused(TestClient current) {
        run.note(this + " is refused: " + current.connectError().orElseThrow());
        toldToGo = true;
    }

    @Override
    public void disconnected(TestClient current, String reason) {
        run.note(this + " lost its connection: " + reason);
        if (current == client && reason.startsWith("io server")) {
            toldToGo = true;
        }
    }

    @Override
    public void answered(TestClient current, TestReply<?> reply) {
        Long since = asked.remove(reply);
        if (since != null && reply.answer().toString().contains("\"muted\"")) {
            scenario.refused(user, since);
        }
    }

    @Override
    public String toString() {
        return "device " + number + " of u" + user;
    }
}
