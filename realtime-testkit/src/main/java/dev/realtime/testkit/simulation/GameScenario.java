package dev.realtime.testkit.simulation;

import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.TestNode;
import dev.realtime.transport.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Any game: its clients and its nodes do what their actions say, and everything that must be true of every game is checked, then what must be true of it. */
final class GameScenario<G> implements Scenario {
    /** So short that a node is taken for dead, and a connection given up, within the seconds that a run has. */
    private static final Duration LEASE = Duration.ofMillis(900);

    private static final Heartbeat HEARTBEAT =
            Heartbeat.DEFAULT.interval(Duration.ofMillis(1_000)).timeout(Duration.ofMillis(700));

    private final SimulatedCluster cluster;
    private final Simulation<G> simulation;
    private final G game;
    private final SessionJournal journal;
    private final DeliveryCheck deliveries;
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Map<Integer, SimulatedNode> nodes = new HashMap<>(); // by their index, the latest
    private boolean calm;

    GameScenario(SimulatedCluster cluster, Simulation<G> simulation) {
        this.cluster = cluster;
        this.simulation = simulation;
        this.game = simulation.newGame();
        this.journal = new SessionJournal(cluster, simulation.namespace());
        this.deliveries = new DeliveryCheck(cluster, journal);
        cluster.cluster().backend().watch(journal);
        simulation
                .clients()
                .forEach((name, actions) -> clients.add(new SimulatedClient(
                        cluster, journal, simulation.namespace(), name, actions, simulation.faultsOfClients())));
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        nodes.put(node.index(), node);
        return simulation.options(game, node).lease(LEASE).heartbeat(HEARTBEAT);
    }

    @Override
    public void start() {
        clients.forEach(SimulatedClient::tick);
        if (!simulation.nodeActions().isEmpty()) {
            tick();
        }
    }

    private void tick() {
        List<TestNode> up = cluster.up();
        if (calm) {
            return;
        }
        if (!up.isEmpty()) {
            act(cluster.any(up));
        }
        cluster.after(Duration.ofMillis(1 + cluster.random().nextInt(100)), this::tick);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever an action throws, the run goes on and has failed
    private void act(TestNode node) {
        SimulatedNode acting = nodes.get(node.index());
        if (acting == null) {
            return;
        }
        try {
            cluster.any(simulation.nodeActions()).act(acting);
        } catch (Exception | AssertionError e) {
            cluster.violation("an action of " + acting + " threw " + e);
        }
    }

    @Override
    public void badMoment(String node) {
        clients.forEach(client -> client.hurry(node));
    }

    @Override
    public void everybodyTo(TestNode node) {
        clients.forEach(client -> client.comeTo(node));
    }

    @Override
    public void historyBroken(Incidents.Break broken) {
        journal.broke(broken);
    }

    @Override
    public void calmDown() {
        calm = true;
        clients.forEach(SimulatedClient::calmDown);
    }

    @Override
    public void speak() {
        clients.forEach(SimulatedClient::speak);
        if (!simulation.nodeActions().isEmpty()) {
            cluster.cluster().nodes().forEach(this::act);
        }
    }

    @Override
    public void check() {
        deliveries.check(DeliveryCheck.behind(cluster.cluster().backend().tail(simulation.namespace())));
        clients.forEach(SimulatedClient::check);
        new AgreementCheck(cluster, simulation.namespace(), clients).check();
        SimulationRun<G> run = new SimulationRun<>(game, cluster, clients);
        simulation.checks().forEach(check -> check(check, run));
    }

    @SuppressWarnings("CatchingUnchecked") // whatever a check throws is what it has found
    private void check(Simulation.Check<G> check, SimulationRun<G> run) {
        try {
            check.check(run);
        } catch (Exception | AssertionError e) {
            cluster.violation(
                    String.valueOf(e.getMessage() == null ? e : e.getMessage()).strip());
        }
    }

    @Override
    public void leave() {
        clients.forEach(SimulatedClient::leave);
    }

    @Override
    public void checkGone() {
        new AgreementCheck(cluster, simulation.namespace(), clients).checkNobody();
    }

    @Override
    public int deliveries() {
        return deliveries.deliveries();
    }

    @Override
    public int resumes() {
        int resumes = 0;
        for (ObservedSession session : journal.sessions()) {
            resumes += (int) session.connections.stream()
                    .filter(ObservedSession.Connection::isRecovered)
                    .count();
        }
        return resumes;
    }
}
