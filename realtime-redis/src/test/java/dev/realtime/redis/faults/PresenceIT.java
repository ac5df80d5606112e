package dev.realtime.redis.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingInt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Position;
import dev.realtime.redis.faults.PresenceNode.Known;
import dev.realtime.redis.server.RedisServer;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is there, on three nodes and a real Redis, while one of the nodes is killed: the others agree, and nobody is told of twice. */
@Tag("faults")
class PresenceIT {
    private static final int USERS = Integer.getInteger("realtime.presence.users", 300);
    private static final int AT_ONCE = 100; // connect together
    private static final int WINDOW_SECONDS = Integer.getInteger("realtime.presence.window", 12);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<PlainUser> users = new ArrayList<>();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Map<String, String> expected = new TreeMap<>(); // the status of each user
    private RedisServer redis;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        for (int i = 0; i < USERS; i++) {
            users.add(new PlainUser(http, "u" + i));
        }
    }

    @AfterEach
    void end() {
        users.forEach(PlainUser::drop);
        nodes.forEach(NodeProcess::close);
        redis.close();
    }

    @Test
    void aKilledNodeLeavesNothingBehindItsWindowAndWhoeverComesBackWasNeverGone() throws Exception {
        cluster(WINDOW_SECONDS);
        List<PlainUser> theirs = of(0);
        List<PlainUser> atOnce = theirs.subList(0, theirs.size() / 3);
        List<PlainUser> late = theirs.subList(theirs.size() / 3, theirs.size() * 2 / 3);
        List<PlainUser> never = theirs.subList(theirs.size() * 2 / 3, theirs.size());
        kill(0);
        comeBack(atOnce);
        expect("reconnecting", late);
        expect("reconnecting", never);
        awaitExpected("killed");
        comeBack(late);
        expect("connected", late);
        awaitExpected("all who come back are back");
        never.forEach(user -> expected.remove(user.name()));
        awaitExpected("the window is over");
        leave(atOnce, late, of(1), of(2));
        assertToldOnce();
    }

    @Test
    void whereNothingIsResumedAKilledNodesUsersAreGoneWithItsLease() throws Exception {
        cluster(0);
        kill(0);
        of(0).forEach(user -> expected.remove(user.name()));
        awaitExpected("killed");
        leave(of(1), of(2));
        assertToldOnce();
    }

    private void cluster(int windowSeconds) throws Exception {
        for (int i = 0; i < 3; i++) {
            nodes.add(NodeProcess.start(PresenceNode.class, log(i), redis.url(), Integer.toString(windowSeconds)));
        }
        for (int from = 0; from < USERS; from += AT_ONCE) {
            List<CompletableFuture<Boolean>> coming = new ArrayList<>();
            for (int i = from; i < Math.min(USERS, from + AT_ONCE); i++) {
                coming.add(users.get(i).connect(nodes.get(i % 3).port()));
            }
            awaitAll(coming);
        }
        expect("connected", users);
        awaitExpected("all are there");
    }

    /** The users who came to this node. */
    private List<PlainUser> of(int node) {
        List<PlainUser> theirs = new ArrayList<>();
        for (int i = node; i < USERS; i += 3) {
            theirs.add(users.get(i));
        }
        return theirs;
    }

    private void kill(int node) throws InterruptedException {
        nodes.get(node).kill();
    }

    /** Each at one of the living nodes, with its session. */
    private void comeBack(List<PlainUser> who) throws Exception {
        List<CompletableFuture<Boolean>> coming = new ArrayList<>();
        for (int i = 0; i < who.size(); i++) {
            coming.add(who.get(i).connect(nodes.get(1 + i % 2).port()));
        }
        assertThat(awaitAll(coming)).as("resumed").containsOnly(true);
    }

    private static List<Boolean> awaitAll(List<CompletableFuture<Boolean>> stages) throws Exception {
        List<Boolean> results = new ArrayList<>();
        for (CompletableFuture<Boolean> stage : stages) {
            results.add(stage.get(60, TimeUnit.SECONDS));
        }
        return results;
    }

    @SafeVarargs
    private void leave(List<PlainUser>... groups) {
        for (List<PlainUser> group : groups) {
            group.forEach(PlainUser::leave);
        }
        expected.clear();
        awaitExpected("all have left");
    }

    private void expect(String status, Collection<PlainUser> who) {
        who.forEach(user -> expected.put(user.name(), status));
    }

    /** All living nodes know exactly what is expected, the populations of the zones included, and nobody is at a dead one. */
    private void awaitExpected(String when) {
        Map<String, Integer> zones =
                expected.keySet().stream().collect(groupingBy(PresenceNode::zone, TreeMap::new, summingInt(user -> 1)));
        for (int i = 0; i < PresenceNode.ZONES; i++) {
            zones.putIfAbsent("z" + i, 0);
        }
        long begun = System.nanoTime();
        await(when).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            List<Known> all = known();
            for (Known known : all) {
                assertThat(known.complete()).isTrue();
                assertThat(known.users()).isEqualTo(expected);
                assertThat(known.zones()).isEqualTo(zones);
                assertThat(all.stream().map(Known::node)).containsAll(known.homes());
            }
        });
        System.out.println("presence: " + when + ": " + expected.size() + " users known at all living nodes after "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms");
    }

    private List<Known> known() throws IOException {
        List<Known> known = new ArrayList<>();
        for (NodeProcess node : nodes) {
            if (node.isUp()) {
                known.add(PresenceNode.parse(node.ask(PresenceNode.KNOWN)));
            }
        }
        return known;
    }

    /** The application, on whatever node, was told of each user that he has come, and behind that in the log that he has gone. */
    private void assertToldOnce() throws IOException {
        await("all has been told")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(told(PresenceNode.OFFLINE)).hasSize(USERS));
        Map<String, List<Position>> online = told(PresenceNode.ONLINE);
        Map<String, List<Position>> offline = told(PresenceNode.OFFLINE);
        for (PlainUser user : users) {
            List<Position> came = online.getOrDefault(user.name(), List.of());
            List<Position> went = offline.getOrDefault(user.name(), List.of());
            assertThat(came).as("%s comes", user.name()).hasSize(1);
            assertThat(went).as("%s goes", user.name()).hasSize(1);
            assertThat(went.get(0).isAfter(came.get(0))).as(user.name()).isTrue();
        }
    }

    /** What all nodes were told, the dead included, by user. */
    private Map<String, List<Position>> told(String what) throws IOException {
        Map<String, List<Position>> told = new TreeMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            for (String line : Files.readAllLines(log(i).toPath())) {
                if (line.startsWith(what)) {
                    String[] words = line.substring(what.length()).split(" ");
                    told.computeIfAbsent(words[0], user -> new ArrayList<>())
                            .add(Objects.requireNonNull(Position.parse(words[1])));
                }
            }
        }
        return told;
    }

    private File log(int node) {
        return directory.resolve("node-" + node + ".log").toFile();
    }
}
