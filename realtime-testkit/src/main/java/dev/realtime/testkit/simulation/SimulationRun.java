package dev.realtime.testkit.simulation;

import dev.realtime.testkit.TestCluster;
import java.util.List;

/**
 * One run of a {@link Simulation} that has come to rest: every node runs, every client that is let in is connected, and nothing is under way. A check looks
 * at it. Not thread-safe.
 *
 * @param <G> what {@link Simulation#of(java.util.function.Supplier, java.util.function.BiFunction)} makes for each run
 */
public final class SimulationRun<G> {
    private final G game;
    private final SimulatedCluster cluster;
    private final List<SimulatedClient> clients;

    SimulationRun(G game, SimulatedCluster cluster, List<SimulatedClient> clients) {
        this.game = game;
        this.cluster = cluster;
        this.clients = clients;
    }

    /** Returns what was made for this run, such as the game's data. */
    public G game() {
        return game;
    }

    /** Returns all clients, in the order in which they were added. */
    public List<SimulatedClient> clients() {
        return List.copyOf(clients);
    }

    /**
     * Returns a client by its name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public SimulatedClient client(String name) {
        return clients.stream()
                .filter(client -> client.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no client '" + name + "', but " + clients));
    }

    /** Returns the nodes, the clock and the backend. */
    public TestCluster cluster() {
        return cluster.cluster();
    }

    /** Returns what has happened to nodes and backend. */
    public Incidents incidents() {
        return cluster.incidents();
    }

    /** Says that something is wrong, as an {@link AssertionError} does, and goes on. */
    public void violation(String what) {
        cluster.violation(what);
    }
}
