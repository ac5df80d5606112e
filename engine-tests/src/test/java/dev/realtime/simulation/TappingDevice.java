package dev.realtime.simulation;

import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A device of a user that taps, loses its connection, and comes back to any node. */
final class TappingDevice implements ClientWatcher {
    private final SimulatedCluster run;
    private final String user;
    private final int number;
    private final int pause;
    private @Nullable TestClient client;
    private boolean calm;
    private boolean over;

    /** @param pause between two taps, in milliseconds: half of it to the whole */
    TappingDevice(SimulatedCluster run, String user, int number, int pause) {
        this.run = run;
        this.user = user;
        this.number = number;
        this.pause = pause;
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
        if (current == null || !current.isOnline()) {
            enter();
        } else if (current.isConnected() && !calm) {
            act(current);
        }
        run.after(Duration.ofMillis(calm ? 50 : pause / 2 + run.random().nextInt(pause / 2)), this::tick);
    }

    private void act(TestClient current) {
        int dice = run.random().nextInt(30);
        if (dice == 0) {
            current.dropConnection();
        } else if (dice == 1) {
            current.loseNetwork();
        } else {
            tap();
        }
    }

    void tap() {
        if (client != null && client.isConnected()) {
            client.emit(LimitsScenario.TAP);
        }
    }

    private void enter() {
        if (run.up().isEmpty()) {
            return;
        }
        TestNode node = run.any(run.up());
        run.note(this + " enters " + node.realtime().node());
        try {
            if (client == null) {
                client = run.cluster().client(node.index()).user(user).connect("/", this);
            } else {
                client.beginReconnect(node.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            run.note(this + " cannot enter: " + e.getMessage());
        }
    }

    @Override
    public void connected(TestClient current) {
        run.note(this + " is " + current.id());
    }

    @Override
    public void disconnected(TestClient current, String reason) {
        run.note(this + " lost its connection: " + reason);
    }

    @Override
    public String toString() {
        return "device " + number + " of " + user;
    }
}
