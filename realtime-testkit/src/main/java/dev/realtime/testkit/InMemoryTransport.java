package dev.realtime.testkit;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import java.util.ArrayList;
import java.util.List;

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
    private final VirtualExecutor network;
    private final List<String> violations = new ArrayList<>();
    private final List<InMemoryConnection> connections = new ArrayList<>();

    public InMemoryTransport(TransportDoors doors, VirtualTime time, VirtualExecutor network) {
        this.doors = doors;
        this.time = time;
        this.network = network;
    }

    /**
     * Upgrades a request to a WebSocket.
     *
     * @throws UpgradeRefused when the engine does not want it
     */
    public InMemoryConnection open(RequestView request) {
        UpgradeDecision decision = doors.upgrade(request);
        if (decision instanceof UpgradeDecision.Accepted accepted) {
            InMemoryConnection connection = new InMemoryConnection(this, accepted.headers());
            connections.add(connection);
            connection.start(accepted.open().apply(connection));
            return connection;
        }
        throw new UpgradeRefused(((UpgradeDecision.Refused) decision).reply());
    }

    /** Sends a request whose body is all there. */
    public InMemoryExchange exchange(RequestView request, byte[] body) {
        InMemoryExchange exchange = new InMemoryExchange(this, request, body);
        network.execute(() -> doors.exchange(exchange));
        return exchange;
    }

    /** Sends a request whose body never comes to an end. */
    public InMemoryExchange exchangeWithStuckBody(RequestView request) {
        InMemoryExchange exchange = new InMemoryExchange(this, request, null);
        network.execute(() -> doors.exchange(exchange));
        return exchange;
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

    VirtualExecutor network() {
        return network;
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
