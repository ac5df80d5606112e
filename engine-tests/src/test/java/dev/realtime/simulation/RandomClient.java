package dev.realtime.simulation;

import dev.realtime.Position;
import dev.realtime.Request;
import dev.realtime.simulation.GameContracts.Change;
import dev.realtime.simulation.GameContracts.Done;
import dev.realtime.simulation.GameContracts.Say;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryTransport;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One client and whoever sits in front of it: does things at random, loses its connection, comes back. */
final class RandomClient implements ClientWatcher {
    private static final List<String> ZONES = List.of("zone:a", "zone:b", "zone:c");

    private static final String NOWHERE = "/nowhere";
    private static final String CONFIRMED = RecordingGame.LIFECYCLE.confirmed().orElseThrow();
    private static final String RESTORED =
            RecordingGame.LIFECYCLE.connectionRestored().orElseThrow();
    private static final String ENDED = RecordingGame.LIFECYCLE.disconnected().orElseThrow();

    private final ModelledCluster cluster;
    private final String name;
    private final Map<TestReply<?>, Asked> asked = new LinkedHashMap<>(); // without an answer yet
    final List<ResumeAttempt> attempts = new ArrayList<>();
    private String user;
    private @Nullable TestClient client;
    private @Nullable TestNode wanted; // where it goes next
    private SessionModel.@Nullable Segment segment;
    private ResumeAttempt attempt;
    private int turns;
    private boolean away;
    private boolean calm;
    private boolean stalled;
    private boolean
            excuses; // the server: this client ended the connection, cannot be reached, or has not read for a while
    private @Nullable TestReply<?> awaited; // does nothing else before
    private boolean dismissed; // the server ended the session and left the connection

    /** A request. */
    private record Asked(SessionModel.Segment segment, int turn, boolean change, long when) {}

    /** An attempt to get a session back, and what came of it. */
    static final class ResumeAttempt {
        final String node;
        final String user;
        final @Nullable String session;
        final boolean wasKnown; // its record had been in the store
        final long when;
        final List<String> forbidden;
        final @Nullable Position offset;

        @Nullable
        String got;

        ResumeAttempt(
                String node,
                String user,
                @Nullable String session,
                boolean wasKnown,
                long when,
                List<String> forbidden,
                @Nullable Position offset) {
            this.node = node;
            this.user = user;
            this.session = session;
            this.wasKnown = wasKnown;
            this.when = when;
            this.forbidden = forbidden;
            this.offset = offset;
        }
    }

    RandomClient(ModelledCluster cluster, int number) {
        this.cluster = cluster;
        this.name = "c" + number;
        this.user = "u" + number % 4;
        this.attempt = new ResumeAttempt("", user, null, false, 0, List.of(), null);
    }

    void tick() {
        if (!away) {
            if (client == null || !client.isOnline()) {
                enter();
            } else if (client.isConnected()) {
                if (!calm && (awaited == null || !asked.containsKey(awaited))) {
                    act(client);
                }
            } else if (dismissed) {
                client.closeConnection(); // the server wanted it so; this client does not
            }
        }
        cluster.run.after(
                Duration.ofMillis(calm ? 50 : 10 + cluster.run.random().nextInt(240)), this::tick);
    }

    /** No more mischief: only stay connected. */
    void calmDown() {
        calm = true;
        away = false;
        readAgain();
    }

    boolean isConnected() {
        return client != null && client.isConnected();
    }

    void leave() {
        away = true;
        if (client != null && client.isOnline()) {
            client.disconnect();
        }
    }

    String session() {
        return client == null ? "" : client.id();
    }

    String user() {
        return user;
    }

    // ---- coming and going

    /** The application wants nobody back, whom it may find on the way. */
    private void sendAway(TestNode node, String session) {
        if (node.isUp()) {
            node.namespace("/").sessions().stream()
                    .filter(known -> known.id().equals(session))
                    .findFirst()
                    .ifPresent(known -> cluster.dismiss(node.realtime().node(), known));
        }
    }

    private void enter() {
        List<TestNode> up = cluster.run.up();
        if (up.isEmpty()) {
            return;
        }
        TestNode asked = wanted;
        TestNode node = asked != null && up.contains(asked) ? asked : cluster.run.any(up);
        wanted = null;
        String id = node.realtime().node();
        TestClient known = client;
        String session = known != null && known.privateId().isPresent() ? known.id() : null;
        SessionModel model = session == null ? null : cluster.log.session(session);
        List<String> forbidden = new ArrayList<>();
        for (String zone : ZONES) {
            if (cluster.game.isBanned(user, zone)) {
                forbidden.add(zone);
            }
        }
        Position offset =
                known == null ? null : known.lastOffset().map(Position::parse).orElse(null);
        attempt = new ResumeAttempt(
                id, user, session, model != null && model.stored != null, cluster.run.now(), forbidden, offset);
        cluster.run.note(name + " enters " + id + " as " + user + " wants " + session);
        stalled = false;
        excuses = false;
        if (session != null && cluster.run.random().nextInt(20) == 0) {
            cluster.run.after(
                    Duration.ofNanos(cluster.run.random().nextInt(12_000_000)), () -> sendAway(node, session));
        }
        try {
            if (known == null) {
                var options = cluster.run.cluster().client(node.index()).user(user);
                if (cluster.run.random().nextInt(4) == 0) {
                    if (cluster.run.random().nextBoolean()) {
                        options.upgrading();
                    } else {
                        options.polling(true);
                    }
                }
                client = options.connect("/", this);
            } else {
                known.auth("user", user);
                known.beginReconnect(node.index());
            }
        } catch (InMemoryTransport.Unreachable | InMemoryTransport.UpgradeRefused e) {
            cluster.run.note(name + " cannot enter " + id);
        }
    }

    @Override
    public void connected(TestClient current) {
        String session = current.id();
        cluster.run.note(name + " is " + session + " on " + attempt.node + (current.recovered() ? " again" : ""));
        current.answer(GameContracts.ASK, mark -> mark);
        SessionModel model = cluster.log.session(session);
        if (model.user.isEmpty()) {
            model.user = user;
        }
        if (current.recovered() && !model.user.equals(user)) {
            cluster.run.violation("I6: " + name + " got " + session + " of " + model.user + " as " + user);
        }
        RoomModel rooms = model.on(attempt.node);
        if (current.recovered()) {
            for (String room : attempt.forbidden) {
                if (rooms.covers(room, Position.END)) {
                    cluster.run.violation("I6: " + session + " was resumed in " + room + ", which is forbidden");
                }
            }
        }
        attempt.got = session;
        if (!current.recovered()) {
            model.carried = attempt.offset;
        }
        attempts.add(attempt);
        SessionModel.Segment fresh = new SessionModel.Segment(
                name, attempt.node, cluster.run.now(), attempt.when, current.recovered(), rooms);
        fresh.from = turns + 1;
        fresh.handled = turns;
        segment = fresh;
        for (SessionModel.Segment other : model.segments) {
            if (!other.over) {
                cluster.run.violation("I5: " + session + " goes on twice: " + other.client + " and " + name);
            }
        }
        model.segments.add(fresh);
    }

    @Override
    public void disconnected(TestClient current, String reason) {
        cluster.run.note(name + " lost " + current.id() + ": " + reason);
        if (segment != null) {
            segment.over = true;
            checkDrain(segment, reason);
            if (reason.equals("io server disconnect")) {
                if (!segment.farewell) {
                    cluster.run.violation("I25: " + name + " was not told why " + current.id() + " has ended");
                }
                checkLastWords();
            }
        }
        awaited = null;
        dismissed = reason.equals("io server disconnect");
        if (reason.startsWith("io ") && !calm) {
            away = true;
            cluster.run.after(Duration.ofMillis(cluster.run.random().nextInt(1_000)), () -> away = false);
        }
    }

    /** A client hears once what became of its session, before anything else, and of its end behind everything (I25). */
    private void checkTransition(SessionModel.Segment on, String event) {
        if (on.farewell) {
            cluster.run.violation("I25: " + name + " got " + event + " after its session had ended");
        } else if (event.equals(ENDED)) {
            on.farewell = true;
        } else if (event.equals(CONFIRMED) || event.equals(RESTORED)) {
            cluster.run.note(name + " is told " + event);
            if (on.told || event.equals(RESTORED) != on.recovered) {
                cluster.run.violation("I25: " + name + " was told " + event + " of " + session()
                        + (on.told ? " once more" : ", which is " + (on.recovered ? "resumed" : "new")));
            }
            on.told = true;
        } else if (!on.told) {
            cluster.run.violation("I25: " + name + " got " + event + " before it was told of its session");
        }
    }

    /** Who has a session has been told so. */
    void checkTold() {
        if (segment != null && !segment.over && !segment.told) {
            cluster.run.violation("I25: " + name + " was told nothing of " + session());
        }
    }

    /** Of positions that were emitted one right behind the other the last arrives, whatever became of those before it. */
    void checkPosition(int last, long when) {
        if (segment != null && !segment.over && segment.begun < when && !segment.hasGot(last)) {
            cluster.run.violation("I27: " + name + " did not get the last position, #" + last);
        }
    }

    @Override
    public void received(TestClient current, ReceivedEvent event) {
        if (segment != null) {
            checkTransition(segment, event.name());
        }
        if (event.name().equals(RecordingGame.BATCHES.name())) {
            ReceivedBatch.unpacked(event, cluster.log.places).forEach(this::take);
        } else {
            take(event);
        }
    }

    private void take(ReceivedEvent event) {
        boolean reliable = GameContracts.isReliable(event.name());
        if ((reliable || GameContracts.isVolatile(event.name())) && segment != null) {
            int mark = event.arguments().get(0).path("n").asInt();
            cluster.run.note(name + " got " + event.name() + mark + " at " + event.offset());
            String offset = event.offset();
            segment.got.add(new SessionModel.Got(
                    mark, offset == null ? null : Position.parse(offset), reliable, cluster.run.now()));
        }
    }

    @Override
    public void answered(TestClient current, TestReply<?> reply) {
        if (reply.count() > 1) {
            cluster.run.violation("I17: a request of " + name + " was answered " + reply.count() + " times");
        }
        Asked request = asked.remove(reply);
        if (request != null) {
            if (request.turn < request.segment.answered) {
                cluster.run.violation(
                        "I22: " + name + " was answered " + request.turn + " after " + request.segment.answered);
            }
            request.segment.answered = request.turn;
            checkOrder(request);
        }
        if (request == null
                || !request.change
                || reply.answer().isEmpty()
                || !reply.answer().get(0).has("op")) {
            return;
        }
        SessionModel.Segment segment = request.segment;
        int op = reply.answer().get(0).path("op").asInt();
        cluster.run.note(name + " was told of change " + op);
        SessionModel model = cluster.log.session(current.id());
        segment.rooms.acknowledged(op);
        if (segment.rooms.isWithout(op)
                && cluster.run.incidents().isReachedSince(segment.node, segment.rooms.when(op))
                && cluster.run.incidents().breaks().isEmpty()) {
            cluster.run.violation("I4: " + name + " was told of change " + op + ", but its session goes on without: "
                    + segment.rooms);
        }
        if (model.stored != null
                && model.holder.equals(segment.node)
                && model.stored.home().node().equals(segment.node)
                && model.recordStored
                && !cluster.run.incidents().wasCut(segment.node)
                && cluster.run.incidents().breaks().isEmpty()
                && segment.rooms.match(model.stored) < op) {
            cluster.run.violation(
                    "I4: " + name + " was told of change " + op + " before it was recorded: " + segment.rooms);
        }
    }

    /** What a handler emitted to the session comes before its answer (I22). */
    private void checkOrder(Asked request) {
        Integer mark = cluster.log.session(session()).before.get(request.turn);
        if (mark != null
                && request.segment == segment
                && !segment.over
                && !cluster.run.incidents().brokeSince(segment.since)
                && cluster.log.places.containsKey(mark)
                && cluster.run
                        .incidents()
                        .isReachedSince(segment.node, request.when) // else it may have been told of no place
                && !segment.hasGot(mark)) {
            cluster.run.violation("I22: the answer to request " + request.turn + " of " + name + " came before #" + mark
                    + ", which its handler had emitted before it");
        }
    }

    /**
     * What was emitted to the session before it was sent away comes before the goodbye (I22), also for who was just on the way back; unless its node
     * did not hear of it in time.
     */
    private void checkLastWords() {
        SessionModel model = cluster.log.session(session());
        int mark = model.lastWords;
        Position place = cluster.log.places.get(mark);
        SessionModel.Segment on = segment;
        Position before = cluster.log.disconnected(model); // by an audience, which may have come first
        if (place != null
                && (before == null || before.isAfter(place))
                && (on == null || !cluster.run.incidents().brokeSince(on.since))
                && (on == null || cluster.run.incidents().isReachedSince(on.node, on.since))
                && !model.hasGot(mark)) {
            cluster.run.violation("I22: " + name + " was sent away without #" + mark + ", which was emitted before");
        }
    }

    /**
     * What a node had begun to handle is answered before it stops (I19), unless another node has the session by then, which goes on without, or
     * the application has sent the session away: nothing follows its goodbye, which may still wait for last words.
     */
    private void checkDrain(SessionModel.Segment ended, String reason) {
        if (excuses
                || !reason.equals("transport close")
                || !cluster.run.incidents().stopsInOrder(ended.node)) {
            return;
        }
        SessionModel model = cluster.log.session(session());
        if (model.lost || !model.holder.equals(ended.node) || model.dismissedAt.contains(ended.node)) {
            return;
        }
        for (Asked request : asked.values()) {
            if (request.segment == ended && ended.node.equals(model.begun.get(request.turn))) {
                cluster.run.violation("I19: " + ended.node + " had begun with request " + request.turn + " of " + name
                        + " and stopped without an answer");
            }
        }
    }

    /** Whoever asked, and is still there, has been answered. */
    void checkAnswers() {
        asked.values().forEach(request -> {
            if (request.segment == segment && !request.segment.over) {
                cluster.run.violation("I17: a request of " + name + " was never answered");
            }
        });
    }

    // ---- what players do

    /** Loses its connection and comes to this node. */
    void rush(TestNode node) {
        if (calm) {
            return;
        }
        wanted = node;
        TestClient current = client;
        if (current != null && current.isOnline()) {
            excuses = true;
            current.dropConnection();
        }
    }

    /** Reads nothing, if it has a WebSocket. */
    void stall() {
        TestClient current = client;
        if (!calm
                && !stalled
                && current != null
                && current.isConnected()
                && current.transport().equals("websocket")) {
            excuses = true;
            isSilent();
            current.stall();
            stalled = true;
        }
    }

    /** Reads what has come for it meanwhile. */
    void readAgain() {
        if (stalled && client != null && client.isOnline() && client.transport().equals("websocket")) {
            client.resume();
        }
        stalled = false;
    }

    /** Does something that changes its session, if it is on this node. */
    void hurry(String node) {
        TestClient current = client;
        if (current != null && current.isConnected() && segment != null && segment.node.equals(node)) {
            if (cluster.run.random().nextInt(3) == 0) {
                var unused = slow(current);
            } else {
                change(current);
            }
        }
    }

    private void act(TestClient current) {
        int dice = cluster.run.random().nextInt(100);
        if (dice < 30) {
            change(current);
        } else if (dice < 50) {
            cluster.run.note(name + " says " + (turns + 1));
            current.emit(GameContracts.SAY, new Say(++turns, cluster.run.any(ZONES)));
        } else if (dice < 58) {
            var unused = slow(current);
        } else if (dice < 72) {
            cluster.run.note(name + " drops");
            excuses = true;
            current.dropConnection();
        } else if (dice < 77) {
            cluster.run.note(name + " loses its network");
            excuses = true;
            isSilent();
            current.loseNetwork();
        } else if (dice < 80) {
            cluster.run.note(name + " closes");
            excuses = true;
            current.closeConnection();
        } else if (dice < 82) {
            cluster.run.note(name + " disconnects");
            excuses = true;
            cluster.log.session(current.id()).left = true;
            current.disconnect();
        } else if (dice < 86 && current.transport().equals("websocket")) {
            cluster.run.note(name + (stalled ? " reads again" : " stalls"));
            if (stalled) {
                readAgain();
            } else {
                stall();
            }
        } else if (dice < 90 && current.transport().equals("polling")) {
            cluster.run.note(name + " upgrades");
            try {
                current.beginUpgrade();
            } catch (InMemoryTransport.UpgradeRefused e) {
                cluster.run.note(
                        name + " may not upgrade"); // twice at once, or its node has given it up; it goes on polling
            }
        } else if (dice < 93) {
            burst(current);
        } else if (dice < 94 && current.transport().equals("websocket")) {
            knock(current, 30);
        } else if (dice < 96) {
            user = "u" + cluster.run.random().nextInt(4);
            cluster.run.note(name + " is " + user + " from now on, and drops");
            excuses = true;
            current.dropConnection();
        } else {
            tap(current);
        }
    }

    /** Taps, more often than it may. */
    private void tap(TestClient current) {
        int times = 1 + cluster.run.random().nextInt(6);
        cluster.run.note(name + " taps " + times + " times");
        for (int count = 0; count < times; count++) {
            cluster.rates.tried(user);
            current.emit(GameContracts.TAP);
        }
    }

    /** Says something, or very much, although all is well: whoever is still connected is heard. */
    void speak() {
        TestClient current = client;
        if (current != null && current.isConnected()) {
            int dice = cluster.run.random().nextInt(6);
            if (dice < 2) {
                burst(current);
            } else if (dice < 3 && current.transport().equals("websocket")) {
                knock(current, 20);
            } else {
                var unused = slow(current);
            }
        }
    }

    /** Says more at once than the server takes; not before it has been heard to the end, so that all comes to rest in time. */
    private void burst(TestClient current) {
        if (segment == null || segment.handled < turns) {
            return;
        }
        EventBurst burst = EventBurst.any(cluster.run.random(), calm);
        cluster.run.note(name + " says " + burst + " at once from " + (turns + 1));
        hold(current, burst.hold());
        for (int count = 1; count <= burst.events(); count++) {
            current.emit(GameContracts.LOAD, burst.load(++turns));
            if (count == burst.middle()) {
                hold(current, burst.hold());
            }
        }
        TestReply<Done> last = slow(current);
        awaited = cluster.run.random().nextBoolean() ? last : null;
    }

    private void hold(TestClient current, int millis) {
        int turn = ++turns;
        var unused = ask(current, GameContracts.HOLD, new GameContracts.Hold(turn, millis));
    }

    /** Asks for namespaces that there are not, more of them than the server answers at once. */
    private void knock(TestClient current, int most) {
        InMemoryConnection connection = current.connection();
        int times = 8 + cluster.run.random().nextInt(most);
        cluster.run.note(name + " knocks " + times + " times");
        SessionModel.Segment at = segment;
        for (int left = times; at != null && left > 0; left--) {
            connection.send("40" + NOWHERE + at.knocks++ + ",");
            at.door = connection;
        }
        var unused = slow(current);
    }

    /** Each CONNECT has been answered. */
    void checkKnocks() {
        if (segment == null || segment.over || segment.door == null) {
            return;
        }
        long answers = segment.door.texts().stream()
                .filter(text -> text.startsWith("44" + NOWHERE))
                .count();
        if (answers != segment.knocks) {
            cluster.run.violation(
                    "I17: of " + segment.knocks + " CONNECTs of " + name + ' ' + answers + " were answered");
        }
    }

    /** Everything that came over the connection that it has is handled. */
    void checkHeard() {
        if (segment != null && !segment.over && segment.handled < turns) {
            cluster.run.violation("I17: of what " + name + " has said up to " + turns
                    + " over a connection that goes on, " + session() + " has heard only up to " + segment.handled);
        }
    }

    private void isSilent() {
        if (segment != null) {
            segment.silent = true;
        }
    }

    private TestReply<Done> slow(TestClient current) {
        cluster.run.note(name + " asks slowly " + (turns + 1));
        return ask(current, GameContracts.SLOW, new Say(++turns, "zone:a"));
    }

    private <T> TestReply<Done> ask(TestClient current, Request<T, Done> question, T payload) {
        TestReply<Done> reply = current.ask(question, payload);
        if (segment != null) {
            asked.put(reply, new Asked(segment, turns, false, cluster.run.now()));
        }
        return reply;
    }

    private void change(TestClient current) {
        String room = cluster.run.any(ZONES);
        int dice = cluster.run.random().nextInt(10);
        String how = dice < 5 ? "join" : dice < 8 ? "leave" : "move";
        String to = how.equals("move") ? cluster.run.any(ZONES) : "";
        cluster.run.note(name + " wants to " + how + " " + room + " " + to + " turn " + (turns + 1));
        TestReply<Done> reply = current.ask(GameContracts.CHANGE, new Change(++turns, how, room, to));
        if (segment != null) {
            asked.put(reply, new Asked(segment, turns, true, cluster.run.now()));
        }
    }
}
