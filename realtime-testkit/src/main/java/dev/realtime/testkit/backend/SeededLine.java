package dev.realtime.testkit.backend;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A line with latency on a given clock, that can be cut in either direction. Without latency everything arrives while it is sent. What
 * arrives at the node runs on {@code node}; a frozen one keeps it, a dead one drops it. Thread-safe.
 */
public final class SeededLine implements Line {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Time time;
    private final Executor node;
    private final Random random;
    private final Map<Traffic, Long> toBackendDue = new EnumMap<>(Traffic.class);
    private final Map<Traffic, Long> toNodeDue = new EnumMap<>(Traffic.class);
    private final Queue<Runnable> held = new ArrayDeque<>();
    private long minNanos;
    private long maxNanos;
    private double duplicated;
    private int batch = 1024;
    private boolean cutToBackend;
    private boolean cutToNode;
    private boolean dead;
    private final Map<Traffic, Integer> asked = new EnumMap<>(Traffic.class);
    private boolean impatient;
    private final List<Runnable> losing = new CopyOnWriteArrayList<>();
    private int untilDeath = -1;
    private Runnable lastWords = () -> {};

    /** @param node runs what arrives at the node */
    public SeededLine(Time time, Executor node, long seed) {
        this.time = time;
        this.node = node;
        this.random = new Random(seed);
    }

    /** From now on everything takes between these, at random. Zero for both: at once. */
    public synchronized SeededLine latency(Duration least, Duration most) {
        minNanos = least.toNanos();
        maxNanos = most.toNanos();
        return this;
    }

    /** How likely a message of the bus arrives twice, from 0 to 1. */
    public synchronized SeededLine duplicates(double likelihood) {
        duplicated = likelihood;
        return this;
    }

    /** How many entries of the log a follower gets at once. */
    public synchronized SeededLine batch(int entries) {
        batch = entries;
        return this;
    }

    /** Whether operations fail after two seconds without an answer; otherwise they only do so while something is cut. */
    public synchronized SeededLine impatient() {
        impatient = true;
        return this;
    }

    /** How often something of this kind was sent to the backend. */
    public synchronized int asked(Traffic traffic) {
        return asked.getOrDefault(traffic, 0);
    }

    /** Loses everything that is sent to the backend from now on. What is under way to the node and not there in two seconds has failed. */
    public void cutToBackend() {
        synchronized (this) {
            cutToBackend = true;
        }
        losing.forEach(Runnable::run);
    }

    /** Loses everything that arrives at the node from now on; news of the log wait. What was asked before fails in two seconds. */
    public void cutToNode() {
        synchronized (this) {
            cutToNode = true;
        }
        losing.forEach(Runnable::run);
    }

    @Override
    public void whenLosing(Runnable task) {
        losing.add(task);
    }

    /** Both directions work again. */
    public void heal() {
        Queue<Runnable> news;
        synchronized (this) {
            cutToBackend = false;
            cutToNode = false;
            news = new ArrayDeque<>(held);
            held.clear();
        }
        news.forEach(node::execute);
    }

    /** The node is dead: what it has not sent yet will never be, and nothing reaches it. */
    public synchronized void die() {
        dead = true;
        held.clear();
    }

    /** So many operations reach the backend yet; instead of the next one, {@code death} happens to the node. */
    public synchronized void dieBefore(int operation, Runnable death) {
        untilDeath = operation;
        lastWords = death;
    }

    @Override
    public void toBackend(Traffic traffic, Runnable arrives) {
        Runnable death = null;
        synchronized (this) {
            asked.merge(traffic, 1, Integer::sum);
            if (dead || cutToBackend) {
                return;
            }
            if (untilDeath >= 0 && untilDeath-- == 0) {
                death = lastWords;
            }
        }
        if (death != null) {
            death.run();
            return;
        }
        carry(toBackendDue, traffic, arrives);
    }

    @Override
    public void toNode(Traffic traffic, Runnable arrives) {
        carry(toNodeDue, traffic, () -> arrived(traffic, arrives));
        synchronized (this) {
            if (traffic != Traffic.BUS || duplicated == 0 || random.nextDouble() >= duplicated) {
                return;
            }
        }
        carry(toNodeDue, traffic, () -> arrived(traffic, arrives));
    }

    private void arrived(Traffic traffic, Runnable arrives) {
        synchronized (this) {
            if (dead) {
                return;
            }
            if (cutToNode) {
                if (traffic == Traffic.FOLLOW || traffic == Traffic.EPOCH) {
                    held.add(arrives);
                }
                return;
            }
        }
        node.execute(arrives);
    }

    private void carry(Map<Traffic, Long> dues, Traffic traffic, Runnable arrives) {
        long wait;
        synchronized (this) {
            long now = time.nanoTime();
            long drawn = maxNanos == 0 ? 0 : minNanos + (long) (random.nextDouble() * (maxNanos - minNanos));
            Long last = dues.get(traffic);
            long due = last == null ? now + drawn : now + Math.max(drawn, last - now);
            dues.put(traffic, due);
            wait = due - now;
        }
        if (wait == 0) {
            arrives.run();
        } else {
            var unused = time.schedule(Duration.ofNanos(wait), arrives);
        }
    }

    @Override
    public void atNode(Runnable task) {
        node.execute(task);
    }

    @Override
    public synchronized @Nullable Duration patience() {
        return impatient || cutToBackend || cutToNode ? PATIENCE : null;
    }

    @Override
    public synchronized int batch() {
        return batch;
    }
}
