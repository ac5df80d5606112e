package dev.realtime.simulation;

import dev.realtime.Audience;
import dev.realtime.EventRefusedException;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup;
import dev.realtime.Position;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.batches.Batches;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.simulation.GameContracts.Change;
import dev.realtime.simulation.GameContracts.Done;
import dev.realtime.simulation.GameContracts.Hold;
import dev.realtime.simulation.GameContracts.Load;
import dev.realtime.simulation.GameContracts.Mark;
import dev.realtime.simulation.GameContracts.Say;
import dev.realtime.testkit.simulation.SimulatedNode;
import dev.realtime.throttle.Throttle;
import dev.realtime.transport.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application on the nodes. It does what it is asked and writes down what it did, and what it was told (I17, I18). */
final class RecordingGame {
    static final Duration WINDOW = Duration.ofSeconds(3);
    static final Batches BATCHES =
            Batches.of(GameContracts.RELIABLE, GameContracts.ALSO_RELIABLE).most(8);
    static final Throttle POSITIONS = Throttle.of(GameContracts.POSITION)
            .atMostEvery((session, player) -> Duration.ofMillis(player.endsWith("0") ? 20 : 150));
    static final Duration LEASE = Duration.ofMillis(900);
    static final LifecycleEvents LIFECYCLE = LifecycleEvents.CONNECTION.disconnected("connection:ended");

    /** So small that a replay takes several portions, and that whoever does not read is soon a slow consumer. */
    static final OutboxLimits OUTBOX = OutboxLimits.DEFAULT.maxMessages(32);

    /** Players come back far more often than people do. */
    static final Limits LIMITS = Limits.DEFAULT
            .maxPendingEvents(EventBurst.EVENTS)
            .maxPendingBytes(EventBurst.BYTES)
            .maxNamespaces(4)
            .connectsPerMinute(1_200)
            .connectsPerMinutePerIp(1_000_000)
            .resumesPerMinute(100_000)
            .resumesPerMinutePerIp(1_000_000);

    static final Heartbeat HEARTBEAT =
            Heartbeat.DEFAULT.interval(Duration.ofMillis(1_000)).timeout(Duration.ofMillis(700));

    /** The node itself has closed the connection, for its client to come again. */
    private static final Set<String> EXPECTED_BACK = Set.of("CONNECTION_REPLACED", "SERVER_STOPPING", "EPOCH_CHANGED");

    private static final long A_MOMENT = 700_000; // in microseconds

    private final ModelledCluster cluster;
    private final IdentityHashMap<Session, Copy> copies = new IdentityHashMap<>();
    private final Set<String> banned = new HashSet<>();

    /** One session object of one engine. */
    private static final class Copy {
        final String node;
        final SessionModel model;
        RoomModel rooms; // its own: its node may have claimed the session for another copy, and it has not heard
        int lastTurn;
        boolean busy;
        boolean ended;
        boolean suspended;
        long suspendedAt; // as it was told, perhaps behind a handler that took as long as the window
        boolean absent; // others have been told, and the client is not back
        long untoldSince = Long.MAX_VALUE; // the client has gone, and others are still to be told
        long heldUntil; // what it is told now may have happened before

        Copy(String node, SessionModel model) {
            this.node = node;
            this.model = model;
            this.rooms = model.on(node);
        }
    }

    RecordingGame(ModelledCluster cluster) {
        this.cluster = cluster;
    }

    void ban(String user, String room) {
        banned.add(user + " " + room);
    }

    boolean isBanned(String user, String room) {
        return banned.contains(user + " " + room);
    }

    private NamespaceSetup withPresence(NamespaceSetup game, SimulatedNode node) {
        return cluster.presence == null ? game : game.presence(cluster.presence.options(node));
    }

    private NamespaceSetup withBatches(NamespaceSetup game) {
        return cluster.batched ? game.batches(BATCHES) : game;
    }

    /** A node's options; {@code node} says who it is once it runs. */
    RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options()
                .outbox(OUTBOX)
                .json(SharedMapperCodec.INSTANCE)
                .escalation(RateModel.ESCALATION)
                .clientEvents(ClientEvents.DEFAULT.lifecycle(LIFECYCLE))
                .onRefusal(attempt -> cluster.rates.refused(node.id(), attempt))
                .namespace(
                        "/",
                        game -> withBatches(withPresence(game, node))
                                .throttle(POSITIONS)
                                .joins(
                                        RoomKind.named("zone"),
                                        (principal, room) -> !isBanned(principal.id(), room.toString()))
                                .onHeaders((event, headers, position) -> cluster.log.deliveredOn(node.id(), position))
                                .onFresh((session, reason) -> fresh(node, session, reason))
                                .onConnect(session -> connected(node, session))
                                .onSuspend((session, reason) -> suspended(node, session, reason.name()))
                                .onResume(session -> resumed(node, session))
                                .absencesTo(session -> absent(node, session))
                                .onDisconnect((session, reason) -> ended(node, session, reason.name()))
                                .onMoved(session -> ended(node, session, "moved"))
                                .onAsync(GameContracts.CHANGE, (session, change) -> change(node, session, change))
                                .onAsync(GameContracts.HOLD, (session, hold) -> hold(node, session, hold))
                                .on(
                                        GameContracts.TAP,
                                        (session, nothing) -> cluster.rates.tapped(
                                                node.id(), session.principal().id()))
                                .on(GameContracts.LOAD, (session, load) -> load(node, session, load))
                                .onAsync(GameContracts.SLOW, (session, say) -> slow(node, session, say))
                                .on(GameContracts.SAY, (session, say) -> say(node, session, say)));
    }

    private Copy copy(SimulatedNode node, Session session, String call) {
        cluster.sees(node.id());
        cluster.run.note(node.id() + " " + call + " " + session.id());
        SessionModel model = cluster.log.session(session.id());
        if (model.birthplace.isEmpty()) {
            model.birthplace = node.id();
        }
        if (model.user.isEmpty()) {
            model.user = session.principal().id();
        }
        model.heard.add(call + " " + node.id());
        model.claimed &= !(call.equals("resume") && node.id().equals(model.holder));
        Copy copy = copies.computeIfAbsent(session, one -> new Copy(node.id(), model));
        if (copy.ended) {
            cluster.run.violation("I17: " + call + " of " + session.id() + " on " + node.id() + " after its end");
        }
        if (copy.busy) {
            cluster.run.violation("I17: " + call + " of " + session.id() + " while another handler runs");
        }
        return copy;
    }

    private void fresh(SimulatedNode node, Session session, FreshReason reason) {
        copy(node, session, "fresh " + reason);
    }

    private void connected(SimulatedNode node, Session session) {
        copy(node, session, "connect").model.connectedAt = cluster.run.now();
    }

    private void suspended(SimulatedNode node, Session session, String reason) {
        Copy copy = copy(node, session, "suspend " + reason);
        if (copy.suspended) {
            cluster.run.violation("I17: " + session.id() + " was suspended twice on " + node.id());
        }
        copy.suspended = true;
        copy.suspendedAt = cluster.run.now();
        copy.untoldSince = EXPECTED_BACK.contains(reason) || copy.heldUntil >= cluster.run.now()
                ? Long.MAX_VALUE
                : cluster.run.now();
        EventBurst.suspended(cluster, copy.model, node.id(), reason);
    }

    /** Others are to be told that the client is away (I25): here in a room that nobody is in, so that only the log knows. */
    private Audience absent(SimulatedNode node, Session session) {
        Copy copy = copy(node, session, "absent");
        SessionModel model = copy.model;
        String saved = model.absenceSaved;
        if (copy.absent) {
            cluster.run.violation("I25: " + node.id() + " told twice that " + session.id() + " is away");
        } else if (!saved.isEmpty()
                && !saved.equals(node.id())
                && model.holder.equals(node.id())
                && !cluster.run.incidents().isExcused(node.id())) {
            cluster.run.violation(
                    "I25: " + node.id() + " told again that " + session.id() + " is away, as " + saved + " had done");
        }
        copy.absent = true;
        copy.untoldSince = Long.MAX_VALUE;
        model.absent = true;
        return session.namespace().room(LogModel.ABSENT + session.id());
    }

    /** Others are told at once where the node sees that the client has gone; a little later it may be back. */
    private void checkTold(Copy copy, Session session) {
        if (copy.untoldSince < cluster.run.now() - A_MOMENT
                && !cluster.run.incidents().isExcused(copy.node)
                && !cluster.run.incidents().wasFrozen(copy.node)) {
            cluster.run.violation("I25: " + copy.node + " told nobody that " + session.id() + " is away since "
                    + copy.untoldSince + ": " + copy.model.heard);
        }
        copy.untoldSince = Long.MAX_VALUE;
    }

    /**
     * Who has not come back within the whole window has been away, and others know, whatever node has seen it. A session that a node finds removed which has just
     * taken it over has not had its window.
     */
    private void checkAbsence(Copy copy, Session session, String reason) {
        SessionModel model = copy.model;
        boolean hadItsWindow = model.claimedAt < cluster.run.now() - WINDOW.toNanos() / 1_000 / 2;
        boolean savedBeforeItsLastReturn = model.stored != null && model.stored.absenceTold();
        if (reason.equals("WINDOW_OVER")
                && !model.absent
                && !savedBeforeItsLastReturn
                && hadItsWindow
                && (copy.suspendedAt == 0 || copy.suspendedAt < cluster.run.now() - A_MOMENT)
                && !model.lost
                && model.holder.equals(copy.node)
                && !cluster.run.incidents().wasStopped(copy.node) // it may give up what others could not take over
                && !cluster.run.incidents().isExcused(copy.node)
                && !cluster.run.incidents().wasFrozen(copy.node)) {
            cluster.run.violation(
                    "I25: " + session.id() + " did not come back, and nobody was told that it is away: " + model.heard);
        }
    }

    private void resumed(SimulatedNode node, Session session) {
        Copy copy = copy(node, session, "resume");
        copy.suspended = false;
        copy.rooms = copy.model.on(node.id());
        checkTold(copy, session);
        copy.absent = false;
        copy.model.absent = false;
        copy.model.absenceSaved = "";
        if (copy.model.endedAt >= copy.heldUntil) {
            cluster.resumed(session.id(), node.id());
        }
    }

    private void ended(SimulatedNode node, Session session, String reason) {
        Copy copy = copy(node, session, "end " + reason);
        copy.ended = true;
        checkAbsence(copy, session, reason);
        session.join(RoomKey.parse("zone:late")); // I18: nothing comes of it
        if (!reason.equals("moved")) {
            cluster.ended(session.id(), node.id(), reason);
        }
    }

    private CompletionStage<Done> change(SimulatedNode node, Session session, Change change) {
        Copy copy = copy(node, session, "change " + change.turn());
        turn(copy, session, change.turn());
        if (!change.how().equals("leave") || change.turn() % 2 == 0) {
            return CompletableFuture.completedFuture(change(copy, session, change));
        }
        // whoever leaves says so first, and is gone before the fan-out has come to it: it still hears itself
        copy.busy = true;
        Mark mark = cluster.mark(node.id());
        return session.room(RoomKey.parse(change.room()))
                .emit(GameContracts.reliable(mark), mark)
                .handle((place, failure) -> {
                    copy.busy = false;
                    return change(copy, session, change);
                });
    }

    private Done change(Copy copy, Session session, Change change) {
        String node = copy.node;
        Position before = cluster.run.tail(node);
        RoomKey room = RoomKey.parse(change.room());
        try {
            switch (change.how()) {
                case "join" -> session.join(room);
                case "leave" -> session.leave(room);
                default -> session.move(room, RoomKey.parse(change.to()));
            }
        } catch (EventRefusedException forbidden) {
            return new Done(0);
        }
        Position after = cluster.run.tail(node);
        if (!before.equals(after)) {
            throw new IllegalStateException("the log moved during a change of rooms");
        }
        cluster.run.note(
                node + " " + change.how() + " " + session.id() + " " + room + " " + change.to() + " at " + after);
        if (session.isClosed()) {
            return new Done(0);
        }
        return new Done(
                copy.rooms.add(new RoomModel.Op(change.how(), change.room(), change.to(), after, cluster.run.now())));
    }

    private CompletionStage<Done> slow(SimulatedNode node, Session session, Say say) {
        Copy copy = copy(node, session, "slow " + say.turn());
        turn(copy, session, say.turn());
        if (say.turn() % 2 == 0) {
            int mark = cluster.emit(node.id(), session);
            copy.model.before.put(say.turn(), mark);
        }
        return later(node, copy, 1 + say.turn() % 7);
    }

    private CompletionStage<Done> hold(SimulatedNode node, Session session, Hold hold) {
        Copy copy = copy(node, session, "hold " + hold.turn());
        turn(copy, session, hold.turn());
        return later(node, copy, hold.millis());
    }

    private CompletionStage<Done> later(SimulatedNode node, Copy copy, int millis) {
        copy.busy = true;
        CompletableFuture<Done> done = new CompletableFuture<>();
        node.later(Duration.ofMillis(millis), () -> {
            copy.busy = false;
            copy.heldUntil = cluster.run.now();
            done.complete(new Done(0));
        });
        return done;
    }

    private void load(SimulatedNode node, Session session, Load load) {
        turn(copy(node, session, "load " + load.turn()), session, load.turn());
    }

    private void say(SimulatedNode node, Session session, Say say) {
        turn(copy(node, session, "say " + say.turn()), session, say.turn());
        Mark mark = cluster.mark(node.id());
        var unused = session.others(RoomKey.parse(say.room())).emit(GameContracts.reliable(mark), mark);
    }

    private void turn(Copy copy, Session session, int turn) {
        if (turn <= copy.lastTurn) {
            cluster.run.violation("I17: " + session.id() + " handled " + turn + " after " + copy.lastTurn);
        }
        EventBurst.handled(cluster, copy.model, session.id(), copy.lastTurn, turn);
        copy.lastTurn = turn;
        if (!cluster.run.incidents().wasStopped(copy.node)
                || cluster.run.incidents().wasDrained(copy.node)) {
            copy.model.begun.put(turn, copy.node);
        }
    }

    List<String> copiesNotEnded(Set<String> nodes) {
        List<String> open = new ArrayList<>();
        copies.forEach((session, copy) -> {
            if (!copy.ended && nodes.contains(copy.node)) {
                open.add(session.id() + " on " + copy.node);
            }
        });
        open.sort(null);
        return open;
    }
}
