package dev.realtime.testkit.simulation;

import dev.realtime.Fetched;
import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.SessionView;
import dev.realtime.spi.SessionRecord;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/**
 * One cluster, alive for half a minute of virtual time: clients connect, change rooms, talk, lose their connections and come back, the
 * application emits and asks, and whatever can go wrong does, all drawn from one seed. Then everything heals, and what the clients
 * received is compared with what the log says they should have; nobody may be left behind, and nothing of the dead.
 *
 * <p>The same seed gives the same run to the last letter of its trace.
 */
public final class Simulation {
    private static final Duration TROUBLE = Duration.ofMillis(3_500);
    private static final Duration RECOVERY = Duration.ofSeconds(7);
    private static final Duration LAST_WORDS = Duration.ofMillis(1_500);
    /** Longer than the window, two leases, and the life of a record that nobody renews. */
    private static final Duration AFTERMATH = Duration.ofSeconds(12);

    /** One seed of so many waits until a node has forgotten its clients: that takes minutes. */
    private static final int PATIENT = 8;

    private static final List<String> USERS = List.of("u0", "u1", "u2", "u3");

    private final long seed;
    private final World world;
    private final Server server;
    private final Faults faults;
    private final List<Player> players = new ArrayList<>();

    private Simulation(long seed) {
        this.seed = seed;
        this.world = new World(seed, 2 + (int) Math.floorMod(seed, 2L));
        this.server = new Server(world);
        this.faults = new Faults(world);
        int count = 2 + world.random.nextInt(4);
        for (int number = 0; number < count; number++) {
            Player player = new Player(world, number);
            players.add(player);
            world.hurries.add(player::hurry);
            world.rushes.add(player::rush);
        }
    }

    /**
     * Runs a seed, on a thread of its own: what a killed node has left in the thread's locals, and would keep the whole cluster, ends with it.
     *
     * @throws CompletionException what the run has thrown
     */
    public static Outcome run(long seed) {
        FutureTask<Outcome> run = new FutureTask<>(() -> new Simulation(seed).run());
        Thread thread = new Thread(run, "simulation-" + seed);
        thread.start();
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private Outcome run() {
        world.start();
        players.forEach(Player::tick);
        server.tick();
        world.after(Duration.ofMillis(300), faults::tick);
        world.cluster.advance(TROUBLE);

        heal();
        world.cluster.advance(RECOVERY);
        players.forEach(Player::speak);
        lastWords();
        world.cluster.advance(LAST_WORDS);

        Position complete = world.cluster.backend().tail("/");
        new Deliveries(world.history).check(new Position(complete.time(), complete.sequence() + 1));
        new Endings(world, players).check();
        players.forEach(Player::checkAnswers);
        players.forEach(Player::checkHeard);
        players.forEach(Player::checkKnocks);
        server.check();
        world.history.checkPromises();
        convergence();
        online(players.stream()
                .filter(Player::isConnected)
                .map(player -> world.history.life(player.session()).user)
                .collect(Collectors.toSet()));

        players.forEach(Player::leave);
        world.cluster.advance(AFTERMATH);
        residue();
        online(Set.of());
        if (seed % PATIENT == 0) {
            new Residue(world).checkForgotten();
        }
        for (TestNode node : world.cluster.nodes()) {
            node.violationsOfTheTransport().forEach(text -> world.history.violation("the transport's rules: " + text));
            node.kill();
        }
        world.cluster
                .executor()
                .failures()
                .forEach(failure -> world.history.violation("a task of an engine has thrown " + failure));
        return outcome();
    }

    private Outcome outcome() {
        int deliveries = 0;
        int resumes = 0;
        for (Life life : world.history.lives.values()) {
            for (Life.Segment segment : life.segments) {
                deliveries +=
                        (int) segment.got.stream().filter(Life.Got::reliable).count();
                resumes += segment.recovered ? 1 : 0;
            }
        }
        return new Outcome(
                seed,
                world.trace.hash(),
                deliveries,
                resumes,
                List.copyOf(world.history.violations),
                List.copyOf(world.trace.lines()));
    }

    private void heal() {
        world.trace.add("everything heals");
        faults.calmDown();
        server.calmDown();
        players.forEach(Player::calmDown);
        for (TestNode node : world.cluster.nodes()) {
            node.thaw();
            node.heal();
            if (!node.isRunning() || !node.realtime().isOpen()) {
                world.history.killedNodes.addAll(world.running(node)); // while it was stopping, perhaps
                world.restart(node);
            }
            node.line().dieBefore(-1, () -> {});
            node.line().duplicates(0);
            world.normal(node);
        }
    }

    private void lastWords() {
        for (TestNode node : world.cluster.nodes()) {
            String id = node.realtime().node();
            server.emit(id, node.namespace("/"));
            for (String room : List.of("zone:a", "zone:b", "zone:c", "aud:x", "aud:y", "user:u0", "user:u1")) {
                server.emit(id, node.namespace("/").room(room));
            }
        }
    }

    /** All nodes agree on who is where, and it is true (I11). */
    private void convergence() {
        Map<String, String> expected = new TreeMap<>();
        for (Player player : players) {
            if (!player.isConnected()) {
                world.history.violation("I11: a client of " + player.user() + " does not get in although all is well");
            } else {
                expected.put(player.session(), rooms(player.session()));
            }
        }
        for (TestNode node : world.cluster.nodes()) {
            CompletableFuture<Fetched> asked = node.namespace("/").fetch().toCompletableFuture();
            world.cluster.advance(Duration.ofMillis(200));
            if (!asked.isDone() || !asked.join().complete()) {
                world.history.violation("I11: " + node + " does not get answers from all nodes");
                continue;
            }
            Map<String, String> seen = new TreeMap<>();
            for (SessionView view : asked.join().sessions()) {
                Set<String> rooms = new TreeSet<>();
                view.rooms().forEach(room -> rooms.add(room.toString()));
                if (view.connected()) {
                    seen.put(view.id(), rooms.toString());
                }
            }
            if (!seen.equals(expected)) {
                world.history.violation("I11: " + node + " sees " + seen + ", but it is " + expected);
            }
        }
    }

    /** All nodes know which users are there (I10). */
    private void online(Set<String> users) {
        for (TestNode node : world.cluster.nodes()) {
            Map<String, CompletableFuture<Online>> asked = new TreeMap<>();
            for (String user : USERS) {
                asked.put(user, node.namespace("/").online(user).toCompletableFuture());
            }
            world.cluster.advance(Duration.ofMillis(200));
            asked.forEach((user, answer) -> {
                Online expected = users.contains(user) ? Online.YES : Online.NO;
                if (answer.getNow(Online.UNKNOWN) != expected) {
                    world.history.violation(
                            "I10: " + node + " says " + answer + " of " + user + ", but it is " + expected);
                }
            });
        }
    }

    private String rooms(String session) {
        Life life = world.history.life(session);
        Rooms own = life.segments.get(life.segments.size() - 1).rooms;
        Set<String> rooms = new TreeSet<>();
        for (String room : List.of("zone:a", "zone:b", "zone:c", "aud:x", "aud:y")) {
            if (world.history.isIn(life, own, room, Position.END)) {
                rooms.add(room);
            }
        }
        rooms.add("user:" + life.user);
        return rooms.toString();
    }

    /** Nothing is left of sessions that have ended, nor of nodes that are dead (I9, I18). */
    private void residue() {
        new Ends(world).check();
        world.cluster.nodes().forEach(new Residue(world)::check);
        for (String room : List.of("zone:a", "zone:b", "zone:c", "zone:late", "aud:x", "user:u0", "user:u1")) {
            CompletableFuture<Fetched> asked =
                    world.cluster.node(0).namespace("/").room(room).fetch().toCompletableFuture();
            world.cluster.advance(Duration.ofMillis(100));
            if (asked.isDone() && !asked.join().sessions().isEmpty()) {
                world.history.violation(
                        "I18: still in " + room + ": " + asked.join().sessions());
            }
        }
        List<SessionRecord> records = world.cluster.backend().records();
        if (!records.isEmpty()) {
            world.history.violation("I9: records of nobody: " + records);
        }
        if (!world.cluster.backend().living().equals(world.running())) {
            world.history.violation(
                    "I9: leases of " + world.cluster.backend().living() + ", but " + world.running() + " run");
        }
        if (!world.cluster.backend().unburied().isEmpty()) {
            world.history.violation("I9: not buried: " + world.cluster.backend().unburied());
        }
        List<String> open = world.game.copiesNotEnded(world.running());
        if (!open.isEmpty()) {
            world.history.violation("I17: sessions that were never told of their end: " + open);
        }
    }
}
