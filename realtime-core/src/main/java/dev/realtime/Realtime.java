package dev.realtime;

import dev.realtime.drain.DrainOptions;
import dev.realtime.health.HealthReport;
import dev.realtime.health.MemoryAccount;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.Registration;
import dev.realtime.spi.TransportDoors;
import dev.realtime.users.Users;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An engine: the part of a game's backend that its clients are connected to. There is one per node. It keeps their {@linkplain Session sessions},
 * hands what they send to the application's handlers, and carries what the application emits to whom it is for, on this node and on all others
 * that share its backend. Thread-safe; only {@link #close()} blocks.
 *
 * <h2>Set-up</h2>
 *
 * <p>A {@linkplain #builder() builder} collects the options, each of which has a default, and the {@linkplain NamespaceSetup namespaces}, of
 * which there is at least one. What cannot work is said by {@link RealtimeBuilder#build()}, and the message names the option, its value and what
 * would be right.
 *
 * <pre>{@code
 * Realtime realtime = Realtime.builder()
 *         .namespace("/", game -> game.allowAnonymous()
 *                 .onConnect(session -> session.join("zone:tavern"))
 *                 .on(SAY, (session, chat) -> session.room("zone:tavern")
 *                         .emit(SAID, new Said(session.id(), chat.text()))))
 *         .build();
 * }</pre>
 *
 * <p>An engine opens no port itself. A transport carries clients to its {@linkplain #doors() doors}: {@code StandaloneServer} of
 * {@code realtime-standalone} has a port of its own, {@code RealtimeServlet} of {@code realtime-jakarta} serves in any Jakarta container.
 *
 * <h2>From the rest of the backend</h2>
 *
 * <p>Any thread may emit, at any time, to a room, a user, a session or everybody. {@linkplain Audience#emit Emitting} does not wait; the stage that
 * it returns completes with the event's {@linkplain Position place in the log}, and may be ignored.
 *
 * <pre>{@code
 * realtime.namespace("/").room("zone:tavern").emit(SAID, new Said("the keeper", "last orders"));
 * realtime.namespace("/").user("u7").disconnect(false);
 * }</pre>
 *
 * <h2>Clusters</h2>
 *
 * <p>Engines that are given the same backend are one cluster. A session that comes back after its connection broke, or after its node died, is
 * resumed wherever its client arrives, for as long as {@link Recovery} says.
 *
 * <pre>{@code
 * Realtime node = Realtime.builder()
 *         .backend(backend)
 *         .recovery(Recovery.within(Duration.ofMinutes(5)))
 *         .namespace("/", game -> game.allowAnonymous())
 *         .build();
 * }</pre>
 *
 * <p>Without a backend the log is in memory, and ends with the engine. If the backend cannot be reached for long, a node {@linkplain
 * #isDegraded() goes on by itself}.
 *
 * <h2>Threads</h2>
 *
 * <p>Handlers of one session run one after another, on threads of the engine and, while others block, on virtual threads where the JVM has them,
 * else on threads that the engine starts as they are needed: they may block, and hold up their own session alone. Nothing of the engine holds a lock while it calls them.
 *
 * <h2>The end</h2>
 *
 * <p>{@link #drain(DrainOptions)} stops without a loss, as a deploy does: the node says that it stops, lets nobody in any more, and its clients go on at other nodes, one after
 * another; what was accepted is finished and delivered. {@link #close()} does so at once, and ends the threads.
 *
 * <pre>{@code
 * realtime.drain(DrainOptions.DEFAULT).thenRun(realtime::close);
 * }</pre>
 */
public interface Realtime extends AutoCloseable {

    /** Returns a builder with all options at their defaults and no namespace yet. */
    static RealtimeBuilder builder() {
        return new RealtimeBuilder();
    }

    /**
     * Returns a namespace by its name.
     *
     * @param name with its slash, such as {@code /} or {@code /chat}
     * @throws IllegalArgumentException if no namespace of that name was configured
     */
    Namespace namespace(String name);

    /**
     * Returns the namespaces of this node at this moment, to look at: those that were configured by their names, and those of families that clients are in. To keep
     * one for later, ask for it by its {@linkplain #namespace name}.
     */
    List<Namespace> namespaces();

    /** Returns the id of this node, a new one for each engine. */
    String node();

    /** Returns the engine's clock, in UTC: that of the machine, and in tests the one that the test moves. */
    Clock clock();

    /** Returns the engine's timer, for the application's own tasks. */
    Scheduler scheduler();

    /**
     * Returns the users of the whole cluster: where they are, and what is decided about them at run time.
     *
     * @see RealtimeBuilder#users
     */
    Users users();

    /** Returns where a transport delivers connections and requests. */
    TransportDoors doors();

    /** Returns counters and gauges as they are at this moment. */
    Stats stats();

    /**
     * Tells an observer what happens from now on: how long handlers, acknowledgements and appends take, and which contracts events belong to. Any number may
     * observe. For metrics in Micrometer there is {@code realtime-micrometer}, which does this.
     *
     * @param observer called on the threads of the hot path; see there
     * @return closed, it is told nothing more, but for calls that are under way
     */
    Registration observe(EngineObserver observer);

    /**
     * Returns how this node is: what the engine checks, and the {@linkplain RealtimeBuilder#health checks of the application}. The stage completes when all checks have ended, or when
     * the time of each is over; it fails if the engine is closed meanwhile.
     */
    CompletionStage<HealthReport> health();

    /**
     * Returns what this node holds in memory at this moment, and for what. It looks at each namespace, so ask it now and then and not for each event.
     *
     * @see dev.realtime.limits.Limits#maxInboundBytes()
     * @see dev.realtime.limits.Limits#maxOutboundBytes()
     */
    MemoryAccount memory();

    /** Returns the pages about this node for probes, balancers and operators, which a transport serves where it is told to. */
    OperatorPages pages();

    /** Returns whether new clients are accepted: true until a drain has been {@linkplain DrainOptions#announce() announced}, or {@link #close()} begins. */
    boolean isOpen();

    /**
     * Returns a stage that completes when this node has read what the log of its backend held before it came, bounded by {@link Recovery}: from then on clients that come
     * from other nodes find what they missed in memory. Those who come earlier wait for it. In memory, and with recovery off, at once.
     */
    CompletionStage<Void> ready();

    /**
     * Returns whether the backend cannot be reached and this node goes on by itself: reliable events reach its own sessions only, their stages fail,
     * and clients get fresh sessions when the backend is back.
     */
    boolean isDegraded();

    /**
     * Stops gracefully, in phases:
     *
     * <ol>
     *   <li>For {@link DrainOptions#announce()} the node serves as before, and {@code /health} and {@code /health/ready} say that it stops, so that balancers send nobody any more.
     *   <li>New connections are refused. Over {@link DrainOptions#spread()} clients are asked to move, one after another: nothing more is taken from a client, what it has sent is
     *       handled and answered, its session is recorded, and its connection is closed in a way that makes it reconnect. Its session is resumed at another node.
     *   <li>All that is left stops as with {@link #drain(Duration)}, until {@link DrainOptions#deadline()}. Steps that a node needs to hand its sessions over get a second each even behind it.
     * </ol>
     *
     * <p>A node that is alone leaves out the first two: a client that came back would find nobody. While a drain is under way, another call, or {@link #close()}, that is to be
     * done earlier leaves out what is left of them, and returns the same stage. Does not block; the stage completes, never exceptionally, when all is quiet.
     */
    CompletionStage<Void> drain(DrainOptions options);

    /**
     * Stops gracefully and at once: refuses new clients, lets the events that were accepted finish (at most this long), delivers what they emitted,
     * then closes every connection in a way that makes clients reconnect. Other nodes of the cluster take the sessions over. Does not block;
     * completes when all is quiet.
     */
    CompletionStage<Void> drain(Duration patience);

    /** Drains for at most ten seconds, waits for it, then ends the engine's own threads. Idempotent. */
    @Override
    void close();
}
