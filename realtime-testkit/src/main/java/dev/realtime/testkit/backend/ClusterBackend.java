package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that several engines of one process share as if it were a server: whatever they tell it crosses as bytes, over a
 * {@link Line} of each node that may be slow or broken. It can be made to lose its latest changes, as a failover does. Thread-safe.
 *
 * <p>Its rules are those of a real one: positions are {@code time-sequence}, records and leases run out, and the fence of a session
 * outlives its record.
 */
public final class ClusterBackend {
    private final Time time;
    private final Store store;
    private final AtomicInteger views = new AtomicInteger();

    private ClusterBackend(Time time) {
        this.time = time;
        this.store = new Store(time);
    }

    /** An empty backend whose clock is this one. */
    public static ClusterBackend create(Time time) {
        return new ClusterBackend(time);
    }

    /** A node's connection to it, without latency and without faults. */
    public NodeBackend forNode() {
        return forNode(Line.INSTANT);
    }

    /** A node's connection to it. */
    public NodeBackend forNode(Line line) {
        return new NodeBackend(store, line, time, views.getAndIncrement() % 2 == 1);
    }

    /**
     * A failover to a replica: the latest changes of logs, session records and values are gone, and the epoch is another one.
     *
     * @param lostChanges how many; zero changes the epoch alone
     */
    public void failover(int lostChanges) {
        store.failover(lostChanges);
    }

    /** It comes back without anything that was written, as a server that was restarted without persistence does; the epoch is another one. */
    public void lose() {
        store.lose();
    }

    /** The session records are gone and nothing else, as when keys are evicted; nobody is told. */
    public void loseSessions() {
        store.loseSessions();
    }

    /** The logs are gone and nothing else; the epoch is another one. */
    public void loseLogs() {
        store.loseLogs();
    }

    /** What nodes say to each other on the bus does not arrive for so long, as when subscriptions are lost and made again. */
    public void loseSubscriptions(Duration time) {
        store.loseSubscriptions(time);
    }

    /**
     * Forgets a namespace's entries up to a position, as a server short of memory does; a new epoch is not announced. A node that had not read them all goes on behind them, and
     * knows that it has {@linkplain dev.realtime.spi.Backend#gaps() missed} something.
     */
    public void evict(String namespace, Position through) {
        store.log(namespace, log -> {
            log.evict(through);
            return 0;
        });
        store.appended(namespace);
    }

    /** Tells a witness what happens from now on. */
    public void watch(Witness witness) {
        store.watch(witness);
    }

    /** The epoch of the backend itself; a node may not have heard of it yet. */
    public String epoch() {
        return store.epoch();
    }

    /** The end of a namespace's log. */
    public Position tail(String namespace) {
        return store.log(namespace, StoredLog::tail);
    }

    /** What a namespace's log holds. */
    public List<PlacedEntry> entries(String namespace) {
        return store.log(namespace, log -> log.slice(Position.START, Position.END, Integer.MAX_VALUE)).stream()
                .map(placed -> new PlacedEntry(placed.position(), entry(placed)))
                .toList();
    }

    private static LogEntry entry(StoredLog.Placed placed) {
        return LogEntryBytes.entry(placed.entry());
    }

    /** All session records that have not run out. */
    public List<SessionRecord> records() {
        return store.sessions(StoredSessions::all).stream()
                .map(SessionRecordBytes::session)
                .toList();
    }

    /** The nodes whose lease has not run out. */
    public Set<String> living() {
        return store.leases(StoredLeases::living);
    }

    /** Nodes that are dead and whose takeover is not over. */
    public Set<String> untaken() {
        return store.leases(StoredLeases::untaken);
    }
}
