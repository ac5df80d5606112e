package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** The server of the backend: all of its state, and one lock around it. Knows bytes, names and numbers only. */
final class Store {
    private final Time time;
    private final Undo undo = new Undo();
    private final Map<String, StoredLog> logs = new TreeMap<>(); // guarded by this
    private final StoredSessions sessions;
    private final StoredLeases leases;
    private final StoredValues values;
    private final StoredQueues queues;
    private final Map<String, List<BusPlace>> buses = new TreeMap<>(); // guarded by this
    private final Map<String, List<Runnable>> appended = new ConcurrentHashMap<>();
    private final List<Runnable> epochChanged = new CopyOnWriteArrayList<>();
    private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
    private long epoch = 1; // guarded by this
    private long heardFrom; // nothing on the bus arrives before; guarded by this

    Store(Time time) {
        this.time = time;
        this.heardFrom = time.nanoTime();
        this.sessions = new StoredSessions(time, undo, this::tell);
        this.leases = new StoredLeases(time);
        this.values = new StoredValues(time, undo);
        this.queues = new StoredQueues(time, undo);
    }

    /** One node's ear on the bus of a namespace. */
    interface BusPlace {
        String node();

        void hear(String from, byte[] message);
    }

    synchronized <T> T log(String namespace, Function<StoredLog, T> use) {
        return use.apply(logs.computeIfAbsent(namespace, name -> new StoredLog(time, undo)));
    }

    synchronized <T> T sessions(Function<StoredSessions, T> use) {
        return use.apply(sessions);
    }

    synchronized <T> T leases(Function<StoredLeases, T> use) {
        return use.apply(leases);
    }

    synchronized <T> T values(Function<StoredValues, T> use) {
        return use.apply(values);
    }

    synchronized <T> T queues(Function<StoredQueues, T> use) {
        return use.apply(queues);
    }

    /** Everybody in a namespace but one node. */
    synchronized List<BusPlace> others(String namespace, String node) {
        List<BusPlace> others = new ArrayList<>();
        for (BusPlace place : buses.getOrDefault(namespace, List.of())) {
            if (!place.node().equals(node)) {
                others.add(place);
            }
        }
        return others;
    }

    /** Those of them who hear something now. */
    synchronized List<BusPlace> listening(String namespace, String node) {
        return isSilent() ? List.of() : others(namespace, node);
    }

    synchronized void join(String namespace, BusPlace place) {
        buses.computeIfAbsent(namespace, name -> new ArrayList<>()).add(place);
    }

    synchronized void leave(String namespace, BusPlace place) {
        buses.getOrDefault(namespace, new ArrayList<>()).remove(place);
    }

    synchronized String epoch() {
        return "epoch-" + epoch;
    }

    void watch(Witness witness) {
        witnesses.add(witness);
    }

    void tell(Consumer<Witness> news) {
        witnesses.forEach(news);
    }

    /** It comes back without its data, and everybody is to be told. */
    void lose() {
        synchronized (this) {
            undo.clear();
            sessions.lose();
            leases.lose();
            values.lose();
            queues.lose();
            loseAllLogs();
        }
        epochChanged.forEach(Runnable::run);
    }

    /** The records of sessions are gone, and nobody notices. */
    synchronized void loseSessions() {
        undo.clear();
        sessions.loseRecords();
    }

    /** The logs are gone, and everybody is to be told. */
    void loseLogs() {
        synchronized (this) {
            undo.clear();
            loseAllLogs();
        }
        epochChanged.forEach(Runnable::run);
    }

    private void loseAllLogs() {
        logs.forEach((name, log) -> {
            log.lose();
            tell(witness -> witness.failedOver(name, Position.START));
            log.newEpoch();
        });
        epoch++;
    }

    /** Nobody hears anything on the bus for a while. */
    synchronized void loseSubscriptions(Duration silence) {
        heardFrom = time.nanoTime() + silence.toNanos();
    }

    private boolean isSilent() {
        return heardFrom - time.nanoTime() > 0;
    }

    /** A failover: the latest changes are gone, and everybody is to be told. */
    void failover(int lostChanges) {
        synchronized (this) {
            undo.back(lostChanges);
            logs.forEach((name, log) -> tell(witness -> witness.failedOver(name, log.tail())));
            logs.values().forEach(StoredLog::newEpoch);
            epoch++;
        }
        epochChanged.forEach(Runnable::run);
    }

    /** Calls after every append to a log, in the order in which the listeners came. */
    void onAppend(String namespace, Runnable listener) {
        appended.computeIfAbsent(namespace, name -> new CopyOnWriteArrayList<>())
                .add(listener);
    }

    void offAppend(String namespace, Runnable listener) {
        appended.getOrDefault(namespace, new CopyOnWriteArrayList<>()).remove(listener);
    }

    void appended(String namespace) {
        appended.getOrDefault(namespace, new CopyOnWriteArrayList<>()).forEach(Runnable::run);
    }

    void onEpoch(Runnable listener) {
        epochChanged.add(listener);
    }

    void offEpoch(Runnable listener) {
        epochChanged.remove(listener);
    }
}
