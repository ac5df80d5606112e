package dev.realtime.testkit;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * A transport without sockets: it opens connections and requests at the doors of an engine. Everything that travels does so as a task
 * of the {@link VirtualExecutor}, so neither side is ever called while it calls the other.
 *
 * <p>It also watches the engine: what the SPI forbids (overlapping writes, two replies, a close frame that no client accepts) is
 * listed in {@link #violations()}.
 */
public final class InMemoryTransport {
    private final TransportDoors doors;
    private final VirtualTime time;
    private final Executor network;
    private final NodeGate gate;
    private final List<String> violations = new ArrayList<>();
    private final List<InMemoryConnection> connections = new ArrayList<>();
    private final Set<InMemoryExchange> open = new LinkedHashSet<>();
    private final List<CompletableFuture<InMemoryConnection>> judging = new ArrayList<>();

    public InMemoryTransport(TransportDoors doors, VirtualTime time, VirtualExecutor network) {
        this(doors, time, network, new NodeGate());
    }

    /**
     * @param network carries everything, in its order
     * @param gate what the engine is told passes here
     */
    InMemoryTransport(TransportDoors doors, VirtualTime time, Executor network, NodeGate gate) {
        this.doors = doors;
        this.time = time;
        this.network = network;
        this.gate = gate;
    }

    /**
     * Upgrades a request to a WebSocket.
     *
     * @throws UpgradeRefused when the engine does not want it
     * @throws Unreachable when the node is dead or frozen
     * @throws IllegalStateException when the application judges the request first, see {@link #openLater}
     */
    public InMemoryConnection open(RequestView request) {
        CompletableFuture<InMemoryConnection> opened = openLater(request);
        if (!opened.isDone()) {
            opened.cancel(false);
            throw new IllegalStateException("the application judges the request first: use openLater(request)");
        }
        return join(opened);
    }

    /** The connection, or why there is none, as it was thrown. */
    static InMemoryConnection join(CompletableFuture<InMemoryConnection> opened) {
        try {
            return opened.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Upgrades a request to a WebSocket that the application may judge first. A client that goes away meanwhile cancels the future.
     *
     * @return completes at once if nobody judges the request, else when {@link VirtualTime#settle()} has carried the decision here; exceptionally with
     *     {@link UpgradeRefused} when the request is not wanted, with {@link Unreachable} when the node is dead or frozen
     */
    public CompletableFuture<InMemoryConnection> openLater(RequestView request) {
        if (gate.isDead() || gate.isFrozen()) {
            return CompletableFuture.failedFuture(new Unreachable());
        }
        CompletableFuture<InMemoryConnection> opened = new CompletableFuture<>();
        CompletableFuture<UpgradeDecision> judged = doors.upgrade(request).toCompletableFuture();
        if (judged.isDone()) {
            settle(opened, judged.join());
            return opened;
        }
        synchronized (this) {
            judging.add(opened);
        }
        var unused = opened.whenComplete((connection, failure) -> {
            synchronized (this) {
                judging.removeIf(each -> each == opened);
            }
            if (opened.isCancelled()) {
                network.execute(() -> gate.execute(() -> judged.cancel(false)));
            }
        });
        var unusedToo = judged.whenComplete((decision, cancelled) -> {
            if (decision != null) {
                network.execute(() -> gate.execute(() -> settle(opened, decision)));
            }
        });
        return opened;
    }

    private void settle(CompletableFuture<InMemoryConnection> opened, UpgradeDecision decision) {
        if (opened.isDone()) {
            return;
        }
        if (decision instanceof UpgradeDecision.Accepted accepted) {
            InMemoryConnection connection = new InMemoryConnection(this, accepted.headers());
            connections.add(connection);
            connection.start(accepted.open().apply(connection));
            opened.complete(connection);
        } else if (decision instanceof UpgradeDecision.Refused refused) {
            opened.completeExceptionally(new UpgradeRefused(refused.reply()));
        }
    }

    /** Sends a request whose body is all there. */
    public InMemoryExchange exchange(RequestView request, byte[] body) {
        return exchange(new InMemoryExchange(this, request, body));
    }

    /** Sends a request whose body never comes to an end. */
    public InMemoryExchange exchangeWithStuckBody(RequestView request) {
        return exchange(new InMemoryExchange(this, request, null));
    }

    private InMemoryExchange exchange(InMemoryExchange exchange) {
        synchronized (this) {
            open.add(exchange);
        }
        network.execute(() -> {
            if (gate.isDead()) {
                exchange.fail();
            } else {
                gate.execute(() -> doors.exchange(exchange));
            }
        });
        return exchange;
    }

    synchronized void ended(InMemoryExchange exchange) {
        open.remove(exchange);
    }

    /** The process at the engine's end is gone: the clients' ends of all connections learn of it, the engine of nothing. */
    void cut() {
        List<InMemoryExchange> unanswered;
        List<CompletableFuture<InMemoryConnection>> unopened;
        synchronized (this) {
            unanswered = List.copyOf(open);
            unopened = List.copyOf(judging);
        }
        List.copyOf(connections).forEach(InMemoryConnection::cut);
        unanswered.forEach(InMemoryExchange::fail);
        unopened.forEach(opened -> network.execute(() -> opened.completeExceptionally(new Unreachable())));
    }

    /** Every WebSocket opened so far, the ended ones included. */
    public List<InMemoryConnection> connections() {
        return List.copyOf(connections);
    }

    /** What the engine did that a transport need not endure. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized void violation(String sentence) {
        violations.add(sentence);
    }

    TransportDoors doors() {
        return doors;
    }

    VirtualTime time() {
        return time;
    }

    /** Tells the engine something, if it can hear. */
    void engine(Runnable call) {
        gate.execute(call);
    }

    boolean isDead() {
        return gate.isDead();
    }

    Executor network() {
        return network;
    }

    /** Nobody answers at the other end. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreachable() {
            super("the node does not answer");
        }
    }

    /** The engine answered an upgrade with an ordinary reply. */
    public static final class UpgradeRefused extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient HttpReply reply;

        UpgradeRefused(HttpReply reply) {
            super("upgrade refused with status " + reply.status());
            this.reply = reply;
        }

        public HttpReply reply() {
            return reply;
        }
    }
}
