package dev.realtime.admin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often wrong passwords have been shown, by address and in all: five in a minute from one address, and thirty from all together. What is remembered is bounded. Thread-safe.
 */
final class LoginAttempts {
    static final int OF_ONE_ADDRESS = 5;
    static final int OF_ALL = 30;
    private static final long WINDOW = 60_000;
    private static final int MOST_ADDRESSES = 1_024;

    private final Deque<Long> all = new ArrayDeque<>(); // guarded by this
    private final Map<String, Deque<Long>> byAddress = new LinkedHashMap<>(16, 0.75f, true) { // guarded by the attempts
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Deque<Long>> eldest) {
                    return size() > MOST_ADDRESSES;
                }
            };

    /**
     * Takes a place for an attempt, which {@link #succeeded} gives back.
     *
     * @return whether there was one
     */
    synchronized boolean begin(String address, long now) {
        Deque<Long> own = byAddress.computeIfAbsent(address, unknown -> new ArrayDeque<>());
        forget(own, now);
        forget(all, now);
        if (own.size() >= OF_ONE_ADDRESS || all.size() >= OF_ALL) {
            return false;
        }
        own.addLast(now);
        all.addLast(now);
        return true;
    }

    /** The attempt that began then was none of a guesser. */
    synchronized void succeeded(String address, long began) {
        all.removeLastOccurrence(began);
        Deque<Long> own = byAddress.get(address);
        if (own != null) {
            own.removeLastOccurrence(began);
        }
    }

    private static void forget(Deque<Long> times, long now) {
        while (!times.isEmpty() && times.getFirst() <= now - WINDOW) {
            times.removeFirst();
        }
    }
}
