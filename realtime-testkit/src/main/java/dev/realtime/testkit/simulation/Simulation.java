package dev.realtime.testkit.simulation;

import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.TestUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A game under everything that can go wrong: many small clusters, each alive for half a minute of virtual time, in which clients do what you say at random
 * moments while nodes are killed, frozen and cut off, the backend fails over, and connections break. Then everything heals, all clients come back, and what
 * must be true is checked. Each cluster is drawn from one number, its seed, and runs the same way whenever it is run again.
 *
 * <pre>{@code
 * @Test
 * void whatIsSaidIsHeardWhateverHappens() {
 *     Simulation.of(Tavern::realtime)
 *             .client("ann", client -> client.emit(Tavern.SAY, "round " + client.random().nextInt(100)))
 *             .client("bob")
 *             .check(run -> assertThat(run.client("bob").received(Tavern.SAID)).isNotEmpty())
 *             .seeds(100)
 *             .run();
 * }
 * }</pre>
 *
 * <h2>Actions</h2>
 * A client's actions are called one at a time, at random, while it is connected; {@link SimulatedClient#random()} is where they draw from. {@link #node}
 * adds what the application does on its nodes by itself. An action must not wait: what a reply brings is looked at later, or in a check.
 *
 * <h2>Checks</h2>
 * A {@link Check} is called when everything has come to rest. It throws an {@link AssertionError}, as every assertion library does, or says
 * {@link SimulationRun#violation}. Without any check of yours these are made, for every game:
 *
 * <ul>
 *   <li>each reliable event that was for a session, by the log and by its rooms, was received once and in order, over all its connections;
 *   <li>a session is given to nobody but its client, and goes on over one connection at a time; after a failover none of the old epoch does;
 *   <li>each request is answered at most once, and answered if its connection lasts;
 *   <li>when all is well every client gets in, or is told why not, and all nodes agree on who is there and who is online;
 *   <li>when all have left, nothing is left: no session, record, connection, lease, timer, or byte that is counted;
 *   <li>no task of an engine throws, and no engine breaks the rules of its transport.
 * </ul>
 *
 * <h2>The game's own data</h2>
 * A run must not find what another one left, and runs go on side by side: a game that keeps anything is made anew for each, by
 * {@link #of(Supplier, BiFunction)}. What is kept outside of the nodes, such as in a database, is asked by {@link SimulatedNode#call}, so that a node can
 * die between two questions:
 *
 * <pre>{@code
 * Simulation.of(Database::new, (database, node) -> Market.realtime(trade.apply(database.from(node))))
 *         .client("ann", client -> client.ask(Market.GIVE, new Give("bob")))
 *         .client("bob", client -> client.ask(Market.GIVE, new Give("ann")))
 *         .check(run -> assertThat(run.game().owners).as("owners of the sword").hasSize(1))
 * }</pre>
 *
 * <h2>A seed that fails</h2>
 * {@link #run()} stops at the first seed at which something is wrong and throws an {@link AssertionError} with the seed, what is wrong and the whole trace. With
 * {@code -Dsimulation.seed=4711} it runs that seed alone and prints the trace; {@code -Dsimulation.seeds=100000} runs so many, and
 * {@code -Dsimulation.from=5000} from there on ({@code from=today} from a seed that no other day begins with). A game that is not the same when run again,
 * because it asks the system's clock or draws from {@code Math.random()}, is found out first.
 *
 * <p>The engine's lease and heartbeat are shortened to fit into a run, and {@link TestUsers} knows clients by their names; all other options are the game's. A
 * recovery window of a few seconds lets sessions end in the middle of a run as well.
 *
 * <p>Immutable: each method returns a changed copy.
 *
 * @param <G> what is made for each run
 * @see Simulator scenarios of your own
 */
public final class Simulation<G> {
    private final Supplier<G> game;
    private final BiFunction<G, SimulatedNode, RealtimeBuilder> options;
    private String namespace = "/";
    private Map<String, List<ClientAction>> clients = Map.of();
    private List<NodeAction> nodeActions = List.of();
    private List<Check<G>> checks = List.of();
    private List<ClientFault> clientFaults = List.of(ClientFault.values());
    private Simulator simulator;

    /** What a client does, once. */
    @FunctionalInterface
    public interface ClientAction {
        void act(SimulatedClient client) throws Exception;
    }

    /** What the application on a node does by itself, once. */
    @FunctionalInterface
    public interface NodeAction {
        void act(SimulatedNode node) throws Exception;
    }

    /**
     * Something that must be true when everything has come to rest.
     *
     * @param <G> what is made for each run
     */
    @FunctionalInterface
    public interface Check<G> {
        /** Looks at a run; throws an {@link AssertionError}, or any exception, when something is wrong. */
        void check(SimulationRun<G> run) throws Exception;
    }

    private Simulation(Supplier<G> game, BiFunction<G, SimulatedNode, RealtimeBuilder> options) {
        this.game = game;
        this.options = options;
        this.simulator = Simulator.of(cluster -> new GameScenario<>(cluster, this));
    }

    private Simulation<G> with(Consumer<Simulation<G>> change) {
        Simulation<G> copy = new Simulation<>(game, options);
        copy.namespace = namespace;
        copy.clients = clients;
        copy.nodeActions = nodeActions;
        copy.checks = checks;
        copy.clientFaults = clientFaults;
        copy.simulator = simulator.scenario(cluster -> new GameScenario<>(cluster, copy));
        change.accept(copy);
        return copy;
    }

    /**
     * Returns a simulation of a game that keeps nothing outside of its engines.
     *
     * @param builder is asked for the options of each node that starts
     */
    public static Simulation<Object> of(Supplier<RealtimeBuilder> builder) {
        Objects.requireNonNull(builder, "builder");
        return new Simulation<>(Object::new, (nothing, node) -> builder.get());
    }

    /**
     * Returns a simulation of a game with data of its own, which are made anew for each run and survive its nodes.
     *
     * @param game makes what a run keeps, such as a database in memory
     * @param options is asked for the options of each node that starts
     */
    public static <G> Simulation<G> of(Supplier<G> game, BiFunction<G, SimulatedNode, RealtimeBuilder> options) {
        return new Simulation<>(Objects.requireNonNull(game, "game"), Objects.requireNonNull(options, "options"));
    }

    /**
     * Adds a client with what it does. Its name is its user's id.
     *
     * @param actions one of them, at random, each time; none for a client that only listens
     * @throws IllegalArgumentException when there is a client of that name
     */
    public Simulation<G> client(String name, ClientAction... actions) {
        Objects.requireNonNull(name, "name");
        if (clients.containsKey(name)) {
            throw new IllegalArgumentException("client must have a name of its own, but there is a '" + name + "'");
        }
        Map<String, List<ClientAction>> all = new LinkedHashMap<>(clients);
        all.put(name, List.of(actions));
        return with(copy -> copy.clients = all);
    }

    /** Adds what the application does by itself on one of the nodes, at random moments. */
    public Simulation<G> node(NodeAction... actions) {
        List<NodeAction> all = new ArrayList<>(nodeActions);
        all.addAll(List.of(actions));
        return with(copy -> copy.nodeActions = List.copyOf(all));
    }

    /** Adds something that must be true when everything has come to rest. */
    public Simulation<G> check(Check<G> check) {
        List<Check<G>> all = new ArrayList<>(checks);
        all.add(Objects.requireNonNull(check, "check"));
        return with(copy -> copy.checks = List.copyOf(all));
    }

    /** Sets the namespace that clients connect to; default {@code /}. */
    public Simulation<G> namespace(String value) {
        Objects.requireNonNull(value, "namespace");
        return with(copy -> copy.namespace = value);
    }

    /**
     * Sets how many nodes a cluster has, by its seed; default two or three.
     *
     * @throws IllegalArgumentException unless {@code least} is at least 1, and {@code most} at least {@code least}
     */
    public Simulation<G> nodes(int least, int most) {
        return with(copy -> copy.simulator = copy.simulator.nodes(least, most));
    }

    /** Sets which faults nodes and backend may have; default {@link ClusterFault#ALL}, none for none. */
    public Simulation<G> faults(ClusterFault... value) {
        return with(copy -> copy.simulator = copy.simulator.faults(value));
    }

    /** Sets which faults clients may have; default all, none for none. */
    public Simulation<G> clientFaults(ClientFault... value) {
        List<ClientFault> all = List.of(value);
        return with(copy -> copy.clientFaults = all);
    }

    /**
     * Sets for how much virtual time things go wrong; default 3.5 s.
     *
     * @throws IllegalArgumentException unless it is between 1 s and 1 h
     */
    public Simulation<G> trouble(Duration value) {
        return with(copy -> copy.simulator = copy.simulator.trouble(value));
    }

    /**
     * Sets for how much virtual time sessions may wait for clients that have left before they count as left behind; default 5 min. To be longer than the
     * game's recovery window.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public Simulation<G> patience(Duration value) {
        return with(copy -> copy.simulator = copy.simulator.patience(value));
    }

    /**
     * Sets how many seeds {@link #run()} runs; default 1,000.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public Simulation<G> seeds(int value) {
        return with(copy -> copy.simulator = copy.simulator.seeds(value));
    }

    /**
     * Sets how many threads run seeds side by side; default as many as the machine has processors.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    public Simulation<G> threads(int value) {
        return with(copy -> copy.simulator = copy.simulator.threads(value));
    }

    /**
     * Runs the seeds until one fails.
     *
     * @return how much was looked at, for a test that wants to know that it was something
     * @throws AssertionError with the first seed that failed, what is wrong and its trace
     */
    public SeedReport run() {
        return simulator.run();
    }

    /** Runs one seed. */
    public SeedResult run(long seed) {
        return simulator.run(seed);
    }

    // ---- for the scenario

    G newGame() {
        return game.get();
    }

    RealtimeBuilder options(G data, SimulatedNode node) {
        return options.apply(data, node);
    }

    String namespace() {
        return namespace;
    }

    Map<String, List<ClientAction>> clients() {
        return clients;
    }

    List<NodeAction> nodeActions() {
        return nodeActions;
    }

    List<Check<G>> checks() {
        return checks;
    }

    List<ClientFault> faultsOfClients() {
        return clientFaults;
    }
}
