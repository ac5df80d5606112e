package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Proves that presence is true and the same on all nodes when all is well (I11), that nothing is left of those who have gone (I9), and that each user
 * comes online and goes offline in turn, once each, and never while he has a session (I10). A node that was killed, cut off or stood still may not have told what it
 * should have, and a break in the history takes back what was told; then only what is known in the end is looked at.
 *
 * <p>However often nodes are killed, what is known is handed on while one that knows it lives: a node that starts is told in a moment (I11), and none begins anew (I10).
 */
final class PresenceProof {
    /** What the application hears, and what presence says, may be so far apart in microseconds. */
    private static final long SLACK = 2_000_000;

    /** A node is told who is there in this time: before it asks for the second time. */
    private static final Duration MOMENT = RecordingGame.LEASE.dividedBy(6);

    /** It has its id then. */
    private static final Duration STARTED = Duration.ofNanos(1_000);

    private static final Pattern USER = Pattern.compile("\"u\":\"([^\"]*)\"");

    private final ModelledCluster cluster;
    private final Map<String, TreeMap<Position, Told>> told = new TreeMap<>();
    private final List<Runnable> suspicions = new ArrayList<>();
    private final TreeMap<Position, Set<String>> beginnings =
            new TreeMap<>(); // as of which a node began anew, and with which users
    private final Set<String> seen = new HashSet<>(); // nodes that have been started
    private Position answered = Position.START; // where a node was told last who is there
    private final Set<String> users = new TreeSet<>(); // in the pages of a beginning

    private record Told(boolean online, String node) {}

    PresenceProof(ModelledCluster cluster) {
        this.cluster = cluster;
        cluster.log.notesTo(this::appended);
    }

    PresenceOptions options(SimulatedNode node) {
        cluster.run.after(STARTED, this::started);
        return PresenceOptions.DEFAULT
                .rooms(RoomKind.named("zone"))
                .onChange((namespace, change) -> hears(node.id(), change));
    }

    /** The nodes that know who is there, and that nothing has hindered. */
    private List<TestNode> knowing() {
        List<TestNode> knowing = new ArrayList<>();
        for (TestNode node : cluster.run.up()) {
            if (isUnhindered(node.realtime().node())
                    && node.realtime().isOpen()
                    && node.namespace("/").presence().isComplete()) {
                knowing.add(node);
            }
        }
        return knowing;
    }

    private boolean isUnhindered(String node) {
        return !isUnreliable(node)
                && !cluster.run.incidents().wasFrozen(node)
                && !cluster.run.incidents().wasSlow(node)
                && !cluster.run.incidents().wasStopped(node);
    }

    private void started() {
        Set<String> names = new TreeSet<>();
        knowing().forEach(node -> names.add(node.realtime().node()));
        for (String id : cluster.run.running()) {
            if (seen.add(id)) {
                cluster.run.after(MOMENT, () -> isTold(id, names));
            }
        }
    }

    /** A node that has just been started, while others knew. */
    private void isTold(String id, Set<String> knew) {
        if (!cluster.run.isRunning(id) || !isUnhindered(id)) {
            return;
        }
        List<TestNode> knowing = knowing();
        if (knowing.stream().anyMatch(node -> knew.contains(node.realtime().node()))
                && knowing.stream().noneMatch(node -> node.realtime().node().equals(id))) {
            cluster.run.violation("I11: nobody has told " + id + " who is there, but " + knowing + " know");
        }
    }

    private void beginsAnew(String node) {
        List<TestNode> knowing = knowing();
        if (isUnhindered(node)
                && knowing.stream().anyMatch(other -> !other.realtime().node().equals(node))) {
            cluster.run.violation("I10: " + node + " begins anew, but " + knowing + " know");
        }
    }

    private void appended(Position position, String text) {
        if (!text.contains("\"q\":")) {
            return;
        }
        boolean begins = text.contains("\"q\":\"" + value(text, "n") + '#');
        if (begins) {
            if (number(text, "p") == 0) {
                users.clear();
            }
            USER.matcher(text).results().forEach(found -> users.add(found.group(1)));
        }
        if (number(text, "p") == number(text, "o") - 1) {
            Position at = Objects.requireNonNull(Position.parse(value(text, "a")));
            if (begins && !answered.isAfter(at)) {
                beginnings.put(at, Set.copyOf(users));
                beginsAnew(value(text, "n"));
            }
            answered = position;
        }
    }

    private static String value(String text, String name) {
        String start = '"' + name + "\":\"";
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf('"', from));
    }

    private static int number(String text, String name) {
        String start = '"' + name + "\":";
        int from = text.indexOf(start) + start.length();
        return Integer.parseInt(text.substring(from, text.indexOf(',', from)));
    }

    private void hears(String node, PresenceChange change) {
        String user = change.userId();
        cluster.run.note(node + " hears that " + user + " is " + (change.online() ? "online" : "offline") + " at "
                + change.position());
        Told before = told.computeIfAbsent(user, name -> new TreeMap<>())
                .put(change.position(), new Told(change.online(), node));
        if (before != null && !isUnreliable(node) && !isUnreliable(before.node())) {
            cluster.run.violation("I10: " + node + " is told of " + user + " at " + change.position() + " what "
                    + before.node() + " was told");
        }
        if (!change.online() && !cluster.run.incidents().isExcused(node)) {
            cluster.log.sessions.values().stream()
                    .filter(model -> model.user.equals(user) && isThere(model))
                    .forEach(model -> later(user, model));
        }
    }

    private boolean isThere(SessionModel model) {
        return model.ends.isEmpty()
                && model.recordStored // its end may be told late, behind a handler
                && model.connectedAt >= 0
                && model.connectedAt < cluster.run.now() - SLACK;
    }

    /** It must be about to end. */
    private void later(String user, SessionModel model) {
        long now = cluster.run.now();
        Set<String> homes = model.homes();
        suspicions.add(() -> {
            boolean endedSoon = model.endedAt <= now + SLACK;
            boolean endUnknown = model.endedAt == Long.MAX_VALUE; // the matter of EndProof
            boolean begunAnew =
                    model.start != null && !beginnings.tailMap(model.start).isEmpty();
            boolean excused = begunAnew
                    || cluster.run.incidents().breaks().size() > 0
                    || homes.stream().anyMatch(this::isUnreliable);
            if (!endedSoon && !endUnknown && !excused) {
                cluster.run.violation("I10: " + user + " was said to be offline at " + now + ", but has " + model.id
                        + " until " + model.endedAt);
            }
        });
    }

    private boolean isUnreliable(String node) {
        return cluster.run.incidents().isExcused(node);
    }

    /** All is well, and these users are connected. */
    void check(Set<String> users, Map<String, Set<String>> zones) {
        for (TestNode node : cluster.run.cluster().nodes()) {
            Presence presence = node.namespace("/").presence();
            if (!presence.isComplete()) {
                cluster.run.violation("I11: " + node + " does not know who is there");
            }
            if (!presence.users().equals(users)) {
                cluster.run.violation((users.isEmpty() ? "I9: " : "I11: ") + node + " knows " + presence.users()
                        + ", but there are " + users);
            }
            zones.forEach((zone, there) -> {
                RoomKey room = RoomKey.parse(zone);
                if (!presence.users(room).equals(there) || presence.population(room) != there.size()) {
                    cluster.run.violation((users.isEmpty() ? "I9: " : "I11: ") + node + " knows " + presence.users(room)
                            + " in " + zone + ", but there are " + there);
                }
            });
        }
    }

    /** All have gone. */
    void checkTold() {
        suspicions.forEach(Runnable::run);
        if (!cluster.run.incidents().breaks().isEmpty()
                || cluster.nodesSeen().stream().anyMatch(this::mayHaveMissed)) {
            return;
        }
        told.forEach((user, edges) -> {
            boolean online = false;
            Position before = Position.START;
            for (Map.Entry<Position, Told> placed : edges.entrySet()) {
                Told edge = placed.getValue();
                var anew =
                        beginnings.subMap(before, true, placed.getKey(), false).lastEntry();
                boolean known = anew == null ? online : anew.getValue().contains(user);
                before = placed.getKey();
                if (edge.online() == known) {
                    cluster.run.violation("I10: " + user + " was told to come and go as " + edges);
                    return;
                }
                online = edge.online();
            }
            if (online && beginnings.tailMap(before).isEmpty()) {
                cluster.run.violation("I10: nobody was told that " + user + " has gone: " + edges);
            }
        });
    }

    private boolean mayHaveMissed(String node) {
        return cluster.run.incidents().wasKilled(node)
                || cluster.run.incidents().isExcused(node)
                || (cluster.run.incidents().wasStopped(node)
                        && !cluster.run.incidents().stopsInOrder(node));
    }
}
