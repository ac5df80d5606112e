package dev.realtime.simulation;

import dev.realtime.simulation.IdempotencyScenario.Order;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.TestReply;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A device that sends requests which were sent before, by itself or by another, loses its connection, and comes back to any node. */
final class OrderingDevice implements ClientWatcher {
    private final SimulatedCluster run;
    private final IdempotencyScenario scenario;
    private final String user;
    private final int number;
    private final Map<TestReply<?>, Order> asked = new LinkedHashMap<>();
    private @Nullable TestClient client;
    private boolean calm;
    private boolean over;

    OrderingDevice(SimulatedCluster run, IdempotencyScenario scenario, String user, int number) {
        this.run = run;
        this.scenario = scenario;
        this.user = user;
        this.number = number;
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
        run.after(Duration.ofMillis(calm ? 50 : 20 + run.random().nextInt(200)), this::tick);
    }

    private void act(TestClient current) {
        int dice = run.random().nextInt(20);
        if (dice == 0) {
            current.dropConnection();
        } else if (dice == 1) {
            current.loseNetwork();
        } else {
            Order order = scenario.next();
            asked.put(current.ask(IdempotencyScenario.ORDER, order), order);
        }
    }

    /** Returns what it is told. */
    String orderNow(Order order) {
        TestClient current = client;
        if (current == null || !current.isConnected()) {
            return "nothing, since it is not there";
        }
        TestReply<?> reply = current.ask(IdempotencyScenario.ORDER, order);
        asked.put(reply, order);
        run.cluster().advance(Duration.ofMillis(900));
        return reply.isAnswered() ? reply.answer().toString() : "nothing";
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
    public void answered(TestClient current, TestReply<?> reply) {
        Order order = asked.remove(reply);
        if (order != null) {
            String answer = reply.answer().toString();
            run.note(this + " is told of " + order.key() + ": " + answer);
            scenario.answered(order, answer, answer.contains("\"error\"") ? reply.errorCode() : null);
        }
    }

    @Override
    public String toString() {
        return "device " + number + " of " + user;
    }
}
