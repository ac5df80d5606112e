package dev.realtime.testkit.simulation;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.testkit.ClientOptions;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link Simulation} and whoever sits in front of it: it does what its actions say at random moments, loses its connection, and
 * comes back to any node. It has one name, under which {@link dev.realtime.testkit.TestUsers} knows it, and may have several sessions one after
 * the other. Actions and checks are given it. Not thread-safe.
 */
public final class SimulatedClient {
    private final SimulatedCluster cluster;
    private final SessionJournal journal;
    private final String namespace;
    private final String name;
    private final List<Simulation.ClientAction> actions;
    private final ClientTrouble trouble;
    private final Map<TestReply<?>, ObservedSession.Connection> asked = new LinkedHashMap<>(); // without an answer yet
    private @Nullable TestClient client;
    private @Nullable TestNode wanted; // where it goes next
    private ObservedSession.@Nullable Connection connection;
    private boolean away;
    private boolean calm;
    private boolean turnedAway; // the server has ended the session, or did not want it, and left the connection

    SimulatedClient(
            SimulatedCluster cluster,
            SessionJournal journal,
            String namespace,
            String name,
            List<Simulation.ClientAction> actions,
            List<ClientFault> possible) {
        this.cluster = cluster;
        this.journal = journal;
        this.namespace = namespace;
        this.name = name;
        this.actions = actions;
        this.trouble = new ClientTrouble(cluster, name, possible);
    }

    /** Returns the client's name, which is its user's as well. */
    public String name() {
        return name;
    }

    /** Returns the one source of everything random in this run. */
    public Random random() {
        return cluster.random();
    }

    /** Emits an event. */
    public <T> void emit(Event<T> event, T payload) {
        note("emits " + event.name() + " " + payload);
        client().emit(event, payload);
    }

    /** Sends a request; it is answered later, and once, if the connection lasts. */
    public <T, R> TestReply<R> ask(Request<T, R> request, T payload) {
        note("asks " + request.name() + " " + payload);
        TestReply<R> reply = client().ask(request, payload);
        if (connection != null) {
            asked.put(reply, connection);
        }
        return reply;
    }

    /** Returns the payloads of all events of this name that it has received in this run, in all its sessions. */
    public <T> List<T> received(Event<T> event) {
        return client == null ? List.of() : client.received(event);
    }

    /** Whether it has a session that is connected. */
    public boolean isConnected() {
        return client != null && client.isConnected();
    }

    /** Returns everything else that a client can do; what is sent past this object is not looked at. */
    public TestClient client() {
        if (client == null) {
            throw new IllegalStateException(name + " was never connected");
        }
        return client;
    }

    @Override
    public String toString() {
        return name;
    }

    // ---- what it does by itself

    void tick() {
        TestClient current = client;
        if (!away) {
            if (current == null || !current.isOnline()) {
                enter();
            } else if (current.isConnected()) {
                if (!calm) {
                    actOrSuffer(current);
                }
            } else if (turnedAway) {
                current.closeConnection(); // the server wanted it so; this client does not
            }
        }
        cluster.after(Duration.ofMillis(calm ? 50 : 10 + random().nextInt(240)), this::tick);
    }

    /** From now on it only stays connected, and reads. */
    void calmDown() {
        calm = true;
        away = false;
        if (client != null) {
            trouble.readAgain(client);
        }
    }

    /** Does something although all is well. */
    void speak() {
        if (isConnected()) {
            act();
        }
    }

    void leave() {
        away = true;
        if (client != null && client.isOnline()) {
            client.disconnect();
        }
    }

    /** Loses its connection and comes to this node. */
    void comeTo(TestNode node) {
        if (!calm) {
            wanted = node;
            if (client != null && client.isOnline()) {
                client.dropConnection();
            }
        }
    }

    /** Does something now, if it is on this node. */
    void hurry(String node) {
        if (isConnected() && connection != null && connection.node().equals(node) && random().nextBoolean()) {
            act();
        }
    }

    private void enter() {
        List<TestNode> up = cluster.up();
        if (up.isEmpty()) {
            return;
        }
        TestNode node = wanted != null && up.contains(wanted) ? wanted : cluster.any(up);
        wanted = null;
        trouble.reconnected();
        turnedAway = false;
        Arrival arrival = new Arrival(node.realtime().node());
        note("enters " + arrival.node);
        try {
            if (client == null) {
                client = options(node).connect(namespace, arrival);
            } else {
                client.watch(arrival);
                client.beginReconnect(node.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            note("cannot enter " + arrival.node + ": " + e.getMessage());
        }
    }

    private ClientOptions options(TestNode node) {
        return trouble.transport(cluster.cluster().client(node.index()).user(name));
    }

    private void actOrSuffer(TestClient current) {
        if (trouble.spares()) {
            act();
        } else {
            trouble.strike(current, this::act);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever an action throws, the run goes on and has failed
    private void act() {
        if (actions.isEmpty()) {
            return;
        }
        try {
            cluster.any(actions).act(this);
        } catch (Exception | AssertionError e) {
            cluster.violation("an action of " + name + " threw " + e);
        }
    }

    private void note(String what) {
        cluster.note(name + " " + what);
    }

    /** Whoever asked, and is still there, has been answered (I17); whoever is not there has been told why (I11). */
    void check() {
        asked.forEach((reply, over) -> {
            if (over == connection && !over.isOver()) {
                cluster.violation("I17: a request of " + name + " was never answered");
            }
        });
        if (!isConnected() && (client == null || client.connectError().isEmpty())) {
            cluster.violation("I11: " + name + " does not get in although all is well");
        }
    }

    /** Sees one attempt to get in, and what follows. */
    private final class Arrival implements ClientWatcher {
        private final String node;

        Arrival(String node) {
            this.node = node;
        }

        @Override
        public void connected(TestClient current) {
            note("is " + current.id() + " on " + node + (current.recovered() ? " again" : ""));
            connection = journal.connected(current.id(), name, node, current.recovered());
        }

        @Override
        public void refused(TestClient current) {
            note("is refused by " + node + ": " + current.connectError().orElseThrow());
            stayAway();
        }

        @Override
        public void disconnected(TestClient current, String reason) {
            note("lost " + current.id() + ": " + reason);
            if (connection != null) {
                connection.end();
            }
            if (reason.startsWith("io ")) {
                stayAway();
            }
        }

        private void stayAway() {
            turnedAway = true;
            if (!calm) {
                away = true;
                cluster.after(Duration.ofMillis(random().nextInt(1_000)), () -> away = false);
            }
        }

        @Override
        public void received(TestClient current, ReceivedEvent event) {
            note("got " + event.name() + " " + event.arguments() + " at " + event.offset());
            if (connection != null) {
                connection.received(event, cluster.now());
            }
        }

        @Override
        public void answered(TestClient current, TestReply<?> reply) {
            note("was answered " + reply.answer());
            if (reply.count() > 1) {
                cluster.violation("I17: a request of " + name + " was answered " + reply.count() + " times");
            }
            asked.remove(reply);
        }
    }
}
