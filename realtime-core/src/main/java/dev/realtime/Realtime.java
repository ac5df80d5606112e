package dev.realtime;

import dev.realtime.spi.TransportDoors;
import java.time.Duration;
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
public interface Realtime extends AutoCloseable {

    /** Returns a builder with all options at their defaults and no namespace yet. */
    static RealtimeBuilder builder() {
        return new RealtimeBuilder();
    }

    /**
     * A namespace by its name.
     *
     * @throws IllegalArgumentException when no namespace of that name was configured
     */
    Namespace namespace(String name);

    /** The id of this node. */
    String node();

    /** Where a transport delivers connections and requests. */
    TransportDoors doors();

    /** Counters and gauges at this moment. */
    Stats stats();

    /** Whether new clients are accepted: true until {@link #drain} or {@link #close} begins. */
    boolean isOpen();

    /**
     * Completes when this node has read what the log of its backend held before it came, bounded by {@link Recovery}: from then on clients that come
     * from other nodes find what they missed in memory. Those who come earlier wait for it. In memory, and with recovery off, at once.
     */
    CompletionStage<Void> ready();

    /**
     * Whether the backend cannot be reached and this node goes on by itself: reliable events reach its own sessions only, their stages fail,
     * and clients get fresh sessions when the backend is back.
     */
    boolean isDegraded();

    /**
     * Stops gracefully: refuses new clients, lets the events that were accepted finish (at most this long), delivers what they emitted,
     * then closes every connection in a way that makes clients reconnect. Other nodes of the cluster take the sessions over. Does not block;
     * completes when all is quiet.
     */
    CompletionStage<Void> drain(Duration patience);

    /** Drains for at most ten seconds, waits for it, then ends the engine's own threads. Idempotent. */
    @Override
    void close();
}
