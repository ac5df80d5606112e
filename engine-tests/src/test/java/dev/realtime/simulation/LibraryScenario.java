package dev.realtime.simulation;

import dev.realtime.Fetched;
import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.RealtimeBuilder;
import dev.realtime.SessionView;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.ClusterFault;
import dev.realtime.testkit.simulation.Incidents;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import dev.realtime.testkit.simulation.Simulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The library's own game: clients connect, change rooms, talk, lose their connections and come back, the application emits and asks. What the clients
 * received is compared with what the log says they should have; nobody may be left behind, and nothing of the dead.
 */
final class LibraryScenario implements Scenario {
    private static final List<String> USERS = List.of("u0", "u1", "u2", "u3");
    private static final List<String> ZONES = List.of("zone:a", "zone:b", "zone:c");

    private static final int OF_BATCHES = 1 << 10;
    private static final int STALLED_EVENTS = 30;
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(20);

    private final ModelledCluster cluster;
    private final RandomApplication application;
    private final List<RandomClient> clients = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>(); // where players have come to rest
    private long rested; // when

    private LibraryScenario(SimulatedCluster run, boolean withPresence, int moreClients) {
        int drawn = run.random()
                .nextInt(4 * OF_BATCHES); // one draw: a seed without batches runs as it did before there were any
        this.cluster = new ModelledCluster(run, withPresence, drawn % OF_BATCHES % 3 == 0);
        this.application = new RandomApplication(cluster);
        int count = 2 + moreClients + drawn / OF_BATCHES;
        for (int number = 0; number < count; number++) {
            clients.add(new RandomClient(cluster, number));
        }
    }

    /**
     * Runs it, under everything that can go wrong, and with users who are banned from rooms.
     *
     * @param withPresence whether the nodes say who is there
     */
    static Simulator simulator(boolean withPresence) {
        List<ClusterFault> faults = new ArrayList<>(List.of(
                ClusterFault.KILL,
                ClusterFault.KILL_IN_THE_MIDDLE,
                ClusterFault.FREEZE,
                ClusterFault.LONG_FREEZE,
                ClusterFault.PARTITION,
                ClusterFault.SLOW_LINE,
                ClusterFault.CLOCK_JUMP,
                ClusterFault.STOP,
                ClusterFault.of("ban", run -> ((LibraryScenario) run.scenario()).ban()),
                ClusterFault.DUPLICATES,
                ClusterFault.ONE_WAY_PARTITION,
                ClusterFault.ROLLING_RESTART,
                ClusterFault.FAILOVER,
                ClusterFault.DATA_LOSS));
        if (withPresence) {
            faults.add(ClusterFault.KILLS_IN_A_ROW);
        }
        return Simulator.of(run -> new LibraryScenario(run, withPresence, 0))
                .patience(Duration.ZERO)
                .faults(faults.toArray(ClusterFault[]::new));
    }

    /** Runs it with clients who stop reading while much is said to a room that they are in, or just leave, or are excepted from. */
    static Simulator stalling() {
        ClusterFault stall = ClusterFault.of("stall", run -> ((LibraryScenario) run.scenario()).stall());
        return Simulator.of(run -> new LibraryScenario(run, false, 6))
                .patience(Duration.ZERO)
                .faults(
                        stall,
                        stall,
                        stall,
                        stall,
                        ClusterFault.KILL,
                        ClusterFault.PARTITION,
                        ClusterFault.SLOW_LINE,
                        ClusterFault.STOP,
                        ClusterFault.of("ban", run -> ((LibraryScenario) run.scenario()).ban()),
                        ClusterFault.FAILOVER);
    }

    private void stall() {
        cluster.run.note("some stop reading");
        clients.forEach(client -> {
            if (cluster.run.random().nextBoolean()) {
                client.stall();
                cluster.run.after(Duration.ofMillis(100 + cluster.run.random().nextInt(900)), client::readAgain);
            }
        });
        String zone = cluster.run.any(ZONES);
        for (int event = 1; event <= STALLED_EVENTS; event++) {
            cluster.run.after(BETWEEN_EVENTS.multipliedBy(event), () -> application.speak(zone));
        }
    }

    private void ban() {
        String user = "u" + cluster.run.random().nextInt(4);
        String room = "zone:" + (char) ('a' + cluster.run.random().nextInt(3));
        cluster.run.note("ban " + user + " from " + room);
        cluster.game.ban(user, room);
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return cluster.game.options(node);
    }

    @Override
    public void start() {
        clients.forEach(RandomClient::tick);
        application.tick();
    }

    /** Some do something on the node now. */
    @Override
    public void badMoment(String node) {
        for (RandomClient client : clients) {
            if (cluster.run.random().nextBoolean()) {
                client.hurry(node);
            }
        }
    }

    @Override
    public void everybodyTo(TestNode node) {
        clients.forEach(client -> client.rush(node));
    }

    @Override
    public void sessionsForgotten() {
        cluster.log.forgetsSessions();
    }

    @Override
    public void historyBroken(Incidents.Break broken) {
        cluster.log.broke(broken);
    }

    @Override
    public void calmDown() {
        application.calmDown();
        clients.forEach(RandomClient::calmDown);
    }

    @Override
    public void speak() {
        clients.forEach(RandomClient::speak);
        rested = cluster.run.now();
        for (TestNode node : cluster.run.cluster().nodes()) {
            String id = node.realtime().node();
            application.emit(id, node.namespace("/"));
            for (String room : List.of("zone:a", "zone:b", "zone:c", "aud:x", "aud:y", "user:u0", "user:u1")) {
                application.emit(id, node.namespace("/").room(room));
            }
            positions.add(application.move(id, node.namespace("/")));
        }
    }

    @Override
    public void check() {
        Position complete = cluster.run.cluster().backend().tail("/");
        new DeliveryProof(cluster).check(new Position(complete.time(), complete.sequence() + 1));
        new ResumeProof(cluster, clients).check();
        clients.forEach(RandomClient::checkAnswers);
        clients.forEach(RandomClient::checkHeard);
        clients.forEach(RandomClient::checkTold);
        clients.forEach(RandomClient::checkKnocks);
        clients.forEach(client -> positions.forEach(last -> client.checkPosition(last, rested)));
        application.check();
        cluster.log.checkPromises();
        convergence();
        Set<String> users = new TreeSet<>();
        Map<String, Set<String>> zones = new TreeMap<>();
        for (String zone : ZONES) {
            zones.put(zone, new TreeSet<>());
        }
        clients.stream().filter(RandomClient::isConnected).forEach(client -> {
            String user = cluster.log.session(client.session()).user;
            users.add(user);
            zones.forEach((zone, there) -> {
                if (rooms(client.session()).contains(zone)) {
                    there.add(user);
                }
            });
        });
        online(users);
        if (cluster.presence != null) {
            cluster.presence.check(users, zones);
        }
    }

    @Override
    public void leave() {
        clients.forEach(RandomClient::leave);
    }

    /** Nothing is left of sessions that have ended (I18), and of each the end was told (I17, I23). Nothing counts any more that clients did not take (I15). */
    @Override
    public void checkGone() {
        new EndProof(cluster).check();
        for (TestNode node : cluster.run.up()) {
            for (String part : List.of("outbound", "unread")) {
                long held = node.realtime().memory().part(part).used();
                if (held != 0) {
                    cluster.run.violation(
                            "I15: " + node.realtime().node() + " counts " + held + " bytes as " + part + " of nobody");
                }
            }
        }
        for (String room : List.of("zone:a", "zone:b", "zone:c", "zone:late", "aud:x", "user:u0", "user:u1")) {
            CompletableFuture<Fetched> asked = cluster.run
                    .cluster()
                    .node(0)
                    .namespace("/")
                    .room(room)
                    .fetch()
                    .toCompletableFuture();
            cluster.run.cluster().advance(Duration.ofMillis(100));
            if (asked.isDone() && !asked.join().sessions().isEmpty()) {
                cluster.run.violation(
                        "I18: still in " + room + ": " + asked.join().sessions());
            }
        }
        List<String> open = cluster.game.copiesNotEnded(cluster.run.running());
        if (!open.isEmpty()) {
            cluster.run.violation("I17: sessions that were never told of their end: " + open);
        }
        online(Set.of());
        if (cluster.presence != null) {
            Map<String, Set<String>> zones = new TreeMap<>();
            ZONES.forEach(zone -> zones.put(zone, Set.of()));
            cluster.presence.check(Set.of(), zones);
            cluster.presence.checkTold();
        }
    }

    @Override
    public int deliveries() {
        int deliveries = 0;
        for (SessionModel model : cluster.log.sessions.values()) {
            for (SessionModel.Segment segment : model.segments) {
                deliveries += (int)
                        segment.got.stream().filter(SessionModel.Got::reliable).count();
            }
        }
        return deliveries;
    }

    @Override
    public int resumes() {
        int resumes = 0;
        for (SessionModel model : cluster.log.sessions.values()) {
            resumes += (int)
                    model.segments.stream().filter(segment -> segment.recovered).count();
        }
        return resumes;
    }

    /** All nodes agree on who is where, and it is true (I11). */
    private void convergence() {
        Map<String, String> expected = new TreeMap<>();
        for (RandomClient client : clients) {
            if (!client.isConnected()) {
                cluster.run.violation("I11: a client of " + client.user() + " does not get in although all is well");
            } else {
                expected.put(client.session(), rooms(client.session()));
            }
        }
        for (TestNode node : cluster.run.cluster().nodes()) {
            CompletableFuture<Fetched> asked = node.namespace("/").fetch().toCompletableFuture();
            cluster.run.cluster().advance(Duration.ofMillis(200));
            if (!asked.isDone() || !asked.join().complete()) {
                cluster.run.violation("I11: " + node + " does not get answers from all nodes");
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
                cluster.run.violation("I11: " + node + " sees " + seen + ", but it is " + expected);
            }
        }
    }

    /** All nodes know which users are there (I10). */
    private void online(Set<String> users) {
        for (TestNode node : cluster.run.cluster().nodes()) {
            Map<String, CompletableFuture<Online>> asked = new TreeMap<>();
            for (String user : USERS) {
                asked.put(user, node.namespace("/").online(user).toCompletableFuture());
            }
            cluster.run.cluster().advance(Duration.ofMillis(200));
            asked.forEach((user, answer) -> {
                Online expected = users.contains(user) ? Online.YES : Online.NO;
                if (answer.getNow(Online.UNKNOWN) != expected) {
                    cluster.run.violation("I10: " + node + " says " + answer.getNow(Online.UNKNOWN) + " of " + user
                            + ", but it is " + expected);
                }
            });
        }
    }

    private String rooms(String session) {
        SessionModel model = cluster.log.session(session);
        RoomModel own = model.segments.get(model.segments.size() - 1).rooms;
        Set<String> rooms = new TreeSet<>();
        for (String room : List.of("zone:a", "zone:b", "zone:c", "aud:x", "aud:y")) {
            if (cluster.log.isIn(model, own, room, Position.END)) {
                rooms.add(room);
            }
        }
        rooms.add("user:" + model.user);
        return rooms.toString();
    }
}
