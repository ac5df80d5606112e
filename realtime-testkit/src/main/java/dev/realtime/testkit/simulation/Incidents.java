package dev.realtime.testkit.simulation;

import dev.realtime.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What has happened to the nodes and to the backend of one run. A check reads here what it must not expect: what a node said before it was
 * killed, for example, may have been lost with it. Nodes are named by the id of their engine. Times are microseconds since the run began. Not thread-safe.
 */
public final class Incidents {
    private final LongSupplier now;
    private final Set<String> killed = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Set<String> draining = new HashSet<>();
    private final Set<String> frozen = new HashSet<>();
    private final Set<String> frozenForLong = new HashSet<>();
    private final Set<String> cut = new HashSet<>();
    private final Set<String> slow = new HashSet<>();
    private final Set<String> slowOnce = new HashSet<>();
    private final Map<String, Long> healed = new HashMap<>();
    private final Map<String, Long> firstTrouble = new HashMap<>();
    private final List<Break> breaks = new ArrayList<>();

    /**
     * A break in the history: the backend has lost some of its log, and a new epoch begins.
     *
     * @param when in microseconds
     * @param kept the last position that is left
     * @param end the last position before; those of the new epoch lie behind it
     * @param takenBack whether entries that had a place may have lost it; otherwise all of them are gone, and were in this order all the same
     */
    public record Break(long when, Position kept, Position end, boolean takenBack) {}

    Incidents(LongSupplier now) {
        this.now = now;
    }

    void killed(String node) {
        killed.add(node);
        troubled(node);
    }

    void stopped(String node) {
        stopped.add(node);
        troubled(node);
    }

    /** It stops in phases, and goes on to serve in the first of them. */
    void drains(String node) {
        draining.add(node);
        stopped(node);
    }

    void frozen(String node, boolean forLong) {
        frozen.add(node);
        if (forLong) {
            frozenForLong.add(node);
        }
        troubled(node);
    }

    void cut(String node) {
        cut.add(node);
        healed.put(node, Long.MAX_VALUE);
        troubled(node);
    }

    void healed(String node) {
        healed.computeIfPresent(node, (name, before) -> now.getAsLong());
    }

    void slowed(String node) {
        slow.add(node);
        slowOnce.add(node);
    }

    void undisturbed(String node) {
        slow.remove(node);
    }

    void broke(Break broken) {
        breaks.add(broken);
    }

    private void troubled(String node) {
        firstTrouble.putIfAbsent(node, now.getAsLong());
    }

    /** Whether a node was killed, or is about to be. */
    public boolean wasKilled(String node) {
        return killed.contains(node);
    }

    /** Whether a node was told to stop in good order. */
    public boolean wasStopped(String node) {
        return stopped.contains(node);
    }

    /** Whether a node was told to stop in phases: what it begins after that is to be finished too. */
    public boolean wasDrained(String node) {
        return draining.contains(node);
    }

    /** Whether a node has stood still for a moment, or longer. */
    public boolean wasFrozen(String node) {
        return frozen.contains(node);
    }

    /** Whether a node has stood still for longer than an answer of the backend may take. */
    public boolean wasFrozenForLong(String node) {
        return frozenForLong.contains(node);
    }

    /** Whether a node and the backend did not hear each other for some time, or one did not hear the other. */
    public boolean wasCut(String node) {
        return cut.contains(node);
    }

    /** Whether a node and the backend do not hear each other now. */
    public boolean isCut(String node) {
        return healed.getOrDefault(node, 0L) == Long.MAX_VALUE;
    }

    /** Whether what a node and the backend tell each other takes long now. */
    public boolean isSlow(String node) {
        return slow.contains(node);
    }

    /** Whether what a node and the backend tell each other has taken long for a while. */
    public boolean wasSlow(String node) {
        return slowOnce.contains(node);
    }

    /** Whether a node and the backend have heard each other all the time since then. */
    public boolean isReachedSince(String node, long when) {
        return healed.getOrDefault(node, 0L) < when;
    }

    /** Whether a node was told to stop, and nothing has hindered it. */
    public boolean stopsInOrder(String node) {
        return wasStopped(node) && !wasKilled(node) && !isExcused(node);
    }

    /** Whether a node may not have known whose a session was. */
    public boolean isExcused(String node) {
        return wasCut(node) || wasFrozenForLong(node) || !breaks.isEmpty();
    }

    /** Returns when something happened to a node for the first time; {@link Long#MAX_VALUE} when nothing has. */
    public long firstTrouble(String node) {
        return firstTrouble.getOrDefault(node, Long.MAX_VALUE);
    }

    /** Returns the breaks in the history, oldest first. */
    public List<Break> breaks() {
        return List.copyOf(breaks);
    }

    /** Whether the history broke at this moment or since. */
    public boolean brokeSince(long when) {
        return breaks.stream().anyMatch(broken -> broken.when() >= when);
    }
}
