package dev.realtime.internal.engine;

import dev.realtime.DisconnectReason;
import dev.realtime.drain.DrainOptions;
import dev.realtime.internal.cluster.LeaseKeeper;
import dev.realtime.internal.drain.PacedRun;
import dev.realtime.internal.drain.Wait;
import dev.realtime.internal.engineio.EngineDoors;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A node stops, in order: for a while it only says so; new clients are refused; those that are there move to other nodes, one after another;
 * handlers finish; then nothing further is taken from clients; what was taken until then is handled and answered, and what was emitted is
 * delivered; connections close; sessions end or move; the application has been told. Each step begins when the one before is complete, or when
 * there is no time left for it.
 */
final class Drain {
    /** What closing and telling get even if handlers have used up all the time. */
    private static final Duration LEAST = Duration.ofSeconds(1);
    /** How long a backend has to say whether there are other nodes, before the clients' time begins. */
    private static final Duration ANSWER = Duration.ofSeconds(1);
    /** No more than this part of the deadline, if that is less: a quarter. */
    private static final int PART = 4;

    private final NodeRuntime runtime;
    private final Duration stallTimeout;
    private final DrainOptions options;
    private final Namespaces namespaces;
    private final EngineDoors doors;
    private final LeaseKeeper leaseKeeper;
    private final BooleanSupplier alone;
    private final long start;
    private final CompletableFuture<Void> hurried = new CompletableFuture<>();
    private final StopDeadline deadline;

    /**
     * @param stallTimeout how long a client that reads nothing may hold its session back
     * @param alone whether the backend is away: nobody could resume a session then
     */
    Drain(
            NodeRuntime runtime,
            Duration stallTimeout,
            Namespaces namespaces,
            EngineDoors doors,
            LeaseKeeper leaseKeeper,
            BooleanSupplier alone,
            DrainOptions options) {
        this.runtime = runtime;
        this.stallTimeout = stallTimeout;
        this.namespaces = namespaces;
        this.doors = doors;
        this.leaseKeeper = leaseKeeper;
        this.alone = alone;
        this.options = options;
        this.start = runtime.time().nanoTime();
        this.deadline = new StopDeadline(runtime, options.deadline());
    }

    DrainOptions options() {
        return options;
    }

    /** Completes, never exceptionally, when nothing happens any more. */
    CompletionStage<Void> run() {
        boolean paced = !options.announce().isZero() || !options.spread().isZero();
        return paced ? leadOut().exceptionally(impossible -> null).thenCompose(done -> stop()) : stop();
    }

    /**
     * Leaves out what is left of the announcement and of the pace, if the node is to be done earlier than it was told first, and waits for nothing longer.
     *
     * @param patience from now on
     */
    void hurry(Duration patience) {
        if (deadline.bringNearer(patience)) {
            runtime.workers().execute(() -> hurried.complete(null));
        }
    }

    /**
     * Nobody waits where there is no other node: clients that come back early would find nobody. A backend that does not say so soon is not waited for: most nodes have others, and the time for
     * announcing and moving runs.
     */
    private CompletionStage<Void> leadOut() {
        Duration part = options.deadline().dividedBy(PART);
        Duration patience = part.compareTo(ANSWER) < 0 ? part : ANSWER;
        return heirs(answer -> new Wait(runtime, answer).atMost(patience).whenOver())
                .thenCompose(heirs -> heirs ? announced().thenCompose(done -> moved()) : done());
    }

    private CompletionStage<Void> announced() {
        return new Wait(runtime, hurried).atMost(until(options.announce())).whenOver();
    }

    /** Clients go on at other nodes, while this one serves those whose turn has not come, or who could not be resumed anywhere now. */
    private CompletionStage<Void> moved() {
        doors.shut();
        PacedRun<?> moves = doors.sockets().moveAll(until(options.announce().plus(options.spread())), alone);
        var unused = hurried.thenRun(moves::stop);
        return moves.whenDone();
    }

    /** From now until so long after the start. */
    private Duration until(Duration sinceStart) {
        long left = start + sinceStart.toNanos() - runtime.time().nanoTime();
        return Duration.ofNanos(Math.max(0, left));
    }

    private CompletionStage<Void> stop() {
        doors.shut();
        Time.Timer slow = runtime.time()
                .schedule(
                        stallTimeout,
                        () -> runtime.workers()
                                .execute(() -> sessions()
                                        .forEach(session ->
                                                session.afterCatchUp().giveUp())));
        return deadline.withinHalf(handled()) // a client that goes on and on is never quiet
                .thenCompose(done -> deadline.within(taken()))
                .thenCompose(done -> deadline.within(handled()))
                .thenCompose(done -> deadline.within(each(LocalNamespace::settled)))
                .thenCompose(done -> closed())
                .thenCompose(done -> left())
                .thenCompose(done -> told())
                .thenRun(slow::cancel)
                .thenRun(namespaces.ended()::close);
    }

    /** All events that were received have been handled and answered, and ends that happened meanwhile have been told. */
    private CompletionStage<?> handled() {
        return all(Stream.concat(
                sessions().map(session -> session.inbox().whenIdle()),
                Stream.of(namespaces.ended().whenTold())));
    }

    /** From now on nothing is taken any more: of all that a client has been told was accepted, everything waits in a mailbox. */
    private CompletionStage<?> taken() {
        doors.refuseMessages(); // first: a request whose events are not taken any more is not told that they were
        return each(LocalNamespace::closeToClients);
    }

    private CompletionStage<Void> closed() {
        doors.endRelay();
        doors.sockets().closeAll();
        return deadline.within(doors.sockets().whenEmpty(), LEAST).thenRun(doors.sockets()::closeNow);
    }

    private CompletionStage<Void> left() {
        return deadline.within(leaseKeeper.endTakeovers(), LEAST)
                .thenCompose(done ->
                        deadline.within(each(namespace -> namespace.recovery().whenArrived()), LEAST))
                .thenCompose(done -> handedOver());
    }

    private CompletionStage<Void> handedOver() {
        return heirs(answer -> deadline.within(answer, LEAST))
                .thenCompose(heirs -> leaveSessions(heirs || awaitsSessions()));
    }

    /**
     * Completes with whether there are other nodes. If nobody knows, its sessions have not ended: whoever lives, or comes, takes over this node.
     *
     * @param patience completes when the answer has come, or is not waited for any more
     */
    private CompletionStage<Boolean> heirs(Function<CompletionStage<Boolean>, CompletionStage<Void>> patience) {
        CompletableFuture<Boolean> heirs = new CompletableFuture<>();
        leaseKeeper.hasHeirs().thenAccept(heirs::complete);
        return patience.apply(heirs).thenApply(done -> heirs.getNow(true));
    }

    /** Sessions that it has claimed and cannot end: somebody has to take over this node. */
    private boolean awaitsSessions() {
        return namespaces.all().stream()
                .anyMatch(namespace -> namespace.recovery().awaitsSessions());
    }

    /** Sessions go to other nodes, or end. Either way their records stay: whoever takes them over needs them. */
    private CompletionStage<Void> leaveSessions(boolean toHeirs) {
        // whoever is waiting for its client may have been taken by a server of another kind, which a write shows
        sessions().filter(session -> !session.isConnected()).forEach(LocalSession::changed);
        CompletionStage<?> recorded =
                all(sessions().map(session -> session.notifier().written().exceptionally(moved -> null)));
        return deadline.within(recorded, LEAST)
                .thenRun(() -> namespaces
                        .all()
                        .forEach(namespace -> namespace.leave(
                                toHeirs ? DisconnectReason.TAKEN_OVER : DisconnectReason.SERVER_STOPPING)))
                .thenCompose(done -> deadline.within(each(LocalNamespace::left), LEAST))
                .thenCompose(done -> toHeirs ? done() : told())
                .thenCompose(done -> deadline.within(leaseKeeper.end(toHeirs), LEAST));
    }

    /**
     * The application has been told of all ends. Before that the last node does not end its lease: should it be killed now, a node that comes after it
     * finds its sessions, and ends them.
     */
    private CompletionStage<Void> told() {
        return deadline.within(namespaces.ended().whenTold(), LEAST);
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    private Stream<LocalSession> sessions() {
        return namespaces.all().stream().flatMap(namespace -> List.copyOf(namespace.live()).stream());
    }

    private CompletionStage<?> each(Function<LocalNamespace, CompletionStage<Void>> step) {
        return all(namespaces.all().stream().map(step));
    }

    private static CompletionStage<?> all(Stream<? extends CompletionStage<?>> stages) {
        return CompletableFuture.allOf(
                stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }
}
