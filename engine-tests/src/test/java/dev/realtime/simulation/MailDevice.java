package dev.realtime.simulation;

import dev.realtime.simulation.MailScenario.Letter;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.SimulatedCluster;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device that gets messages, acknowledges most of them, loses its connection, and comes back to any node. */
final class MailDevice implements ClientWatcher {
    private final SimulatedCluster run;
    private final MailScenario scenario;
    private final String user;
    private final int number;
    private final Set<Letter> acknowledged = new HashSet<>(); // on this connection
    private final Set<Letter> seen = new HashSet<>(); // on this connection
    private @Nullable TestClient client;
    private String node = "";
    private int connection;
    private long came;
    private int total; // that it has acknowledged, ever
    private boolean calm;
    private boolean over;

    MailDevice(SimulatedCluster run, MailScenario scenario, String user, int number) {
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
            if (calm || run.random().nextInt(4) == 0) {
                enter();
            }
        } else if (current.isConnected() && !calm) {
            int dice = run.random().nextInt(number == 0 ? 60 : 12); // some connections last
            if (dice == 0) {
                current.dropConnection();
            } else if (dice == 1) {
                current.loseNetwork();
            } else if (dice == 2) {
                current.disconnect();
            }
        }
        run.after(Duration.ofMillis(calm ? 50 : 20 + run.random().nextInt(300)), this::tick);
    }

    private void enter() {
        if (run.up().isEmpty()) {
            return;
        }
        TestNode entered = run.any(run.up());
        node = entered.realtime().node();
        run.note(this + " enters " + node);
        try {
            if (client == null) {
                client = run.cluster().client(entered.index()).user(user).connect("/", this);
            } else {
                client.beginReconnect(entered.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            run.note(this + " cannot enter: " + e.getMessage());
        }
    }

    @Override
    public void connected(TestClient current) {
        run.note(this + " is " + current.id() + (current.recovered() ? " again" : ""));
        connection++;
        came = run.now();
        acknowledged.clear();
        seen.clear();
    }

    @Override
    public void disconnected(TestClient current, String reason) {
        run.note(this + " lost its connection: " + reason);
        connection++;
    }

    @Override
    public void received(TestClient current, ReceivedEvent event) {
        var message = event.arguments().isEmpty() ? null : event.arguments().get(0);
        if (message != null && event.name().equals(MailScenario.COMPLETE)) {
            complete(message.path("count").asInt());
        }
        boolean itself = event.name().equals(MailScenario.ITSELF);
        if (message == null || (!itself && !event.name().equals(MailScenario.DELIVERY))) {
            return;
        }
        Letter letter = scenario.delivered((itself ? message : message.path("content")).asInt());
        Long ack = event.ackId();
        run.note(this + " gets " + letter + (itself ? " itself" : ""));
        if (itself) {
            itself(letter);
        }
        seen.add(letter);
        if (!letter.user.equals(user) || ack == null) {
            run.violation("I16: " + this + " gets " + letter + " with " + ack);
        } else if (acknowledged.contains(letter)
                && run.incidents().breaks().isEmpty()
                && !run.incidents().wasFrozen(node)
                && !run.incidents().wasFrozenForLong(node)) {
            run.violation("I16: " + this + " gets " + letter + " again, which it has acknowledged on this connection");
        } else if (scenario.isRead(letter) && (calm || run.random().nextInt(6) != 0)) {
            int here = connection;
            if (!calm && run.random().nextInt(8) == 0) {
                run.after(Duration.ofMillis(run.random().nextInt(2_000)), () -> late(current, here, letter, ack));
            } else { // now and then when nobody waits for it any more
                int within = !calm && run.random().nextInt(8) == 0 ? 3_000 : 200;
                run.after(
                        Duration.ofMillis(run.random().nextInt(within)), () -> acknowledge(current, here, letter, ack));
            }
        }
    }

    private void itself(Letter letter) {
        letter.seenAsItself = true;
        if (!run.incidents().breaks().isEmpty()) {
            return;
        }
        if (letter.storedBy < came) {
            run.violation("I16: " + this + " gets " + letter + " itself, which had waited for it");
        } else if (seen.contains(letter)) {
            run.violation("I16: " + this + " gets " + letter + " itself once more");
        }
    }

    private void acknowledge(TestClient current, int on, Letter letter, long ack) {
        if (connection == on && current.isConnected()) {
            run.note(this + " acknowledges " + letter);
            letter.acknowledged = true;
            acknowledged.add(letter);
            total++;
            current.acknowledge(ack);
        }
    }

    /** Acknowledges it over another connection than it came by, which must not be taken for an acknowledgement of what comes by that one. */
    private void late(TestClient current, int on, Letter letter, long ack) {
        if (connection != on && current.isConnected()) {
            run.note(this + " acknowledges " + letter + " late");
            current.acknowledge(ack);
        }
    }

    private void complete(int count) {
        run.note(this + " has got all: " + count);
        if (count < 1 || count > total) {
            run.violation("I16: " + this + " is told that it has got " + count + ", and has acknowledged " + total);
        }
    }

    @Override
    public String toString() {
        return "device " + number + " of " + user;
    }
}
