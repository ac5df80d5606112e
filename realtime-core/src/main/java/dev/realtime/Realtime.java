package dev.realtime;

import dev.realtime.internal.engine.Engine;
import dev.realtime.spi.TransportDoors;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * The embedded engine: one per node. It opens no port itself; a transport carries clients to its {@linkplain #doors() doors}, such as
 * {@code StandaloneServer} of {@code realtime-standalone} or {@code RealtimeServlet} of {@code realtime-jakarta}. Thread-safe.
 *
 * <pre>{@code
 * Realtime realtime = Realtime.builder()
 *     .namespace("/", game -> game
 *         .onConnect(session -> session.join("zone:tavern"))
 *         .on(SAY, (session, chat) -> session.room("zone:tavern").emit(SAID, new Said(session.id(), chat.text()))))
 *     .build();
 * }</pre>
 */
public final class Realtime implements AutoCloseable {
    private final Engine engine;

    Realtime(Engine engine) {
        this.engine = engine;
    }

    public static RealtimeBuilder builder() {
        return new RealtimeBuilder();
    }

    /**
     * A namespace by its name.
     *
     * @throws IllegalArgumentException when no namespace of that name was configured
     */
    public Namespace namespace(String name) {
        Objects.requireNonNull(name, "name");
        return engine.namespace(name);
    }

    /** The id of this node. */
    public String node() {
        return engine.node();
    }

    /** Where a transport delivers connections and requests. */
    public TransportDoors doors() {
        return engine.doors();
    }

    /** Counters and gauges at this moment. */
    public Stats stats() {
        return engine.stats();
    }

    /** Whether new clients are accepted: true until {@link #drain} or {@link #close} begins. */
    public boolean isOpen() {
        return engine.isOpen();
    }

    /**
     * Completes when this node has read what the log of its backend held before it came, bounded by {@link Recovery}: from then on clients that come
     * from other nodes find what they missed in memory. Those who come earlier wait for it. In memory, and with recovery off, at once.
     */
    public CompletionStage<Void> ready() {
        return engine.ready();
    }

    /**
     * Whether the backend cannot be reached and this node goes on by itself: reliable events reach its own sessions only, their stages fail,
     * and clients get fresh sessions when the backend is back.
     */
    public boolean isDegraded() {
        return engine.isDegraded();
    }

    /**
     * Stops gracefully: refuses new clients, lets the events that were accepted finish (at most this long), delivers what they emitted,
     * then closes every connection in a way that makes clients reconnect. Other nodes of the cluster take the sessions over. Does not block;
     * completes when all is quiet.
     */
    public CompletionStage<Void> drain(Duration patience) {
        Objects.requireNonNull(patience, "patience");
        return engine.drain(patience);
    }

    /** Drains for at most ten seconds, waits for it, then ends the engine's own threads. Idempotent. */
    @Override
    public void close() {
        engine.close();
    }
}
