package dev.realtime.internal.limits;

import dev.realtime.spi.AddressKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Places that clients take and give back: so many in all, and so many for one address. Thread-safe. */
public final class Places {
    private final int most;
    private final int mostOfAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> byAddress = new ConcurrentHashMap<>();

    public Places(int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
    }

    /** Takes a place, to be {@linkplain #leave given back} once; false when there is none. */
    public boolean enter(String address) {
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            return false;
        }
        if (byAddress.merge(AddressKey.of(address), 1, Integer::sum) > mostOfAddress) {
            leave(address);
            return false;
        }
        return true;
    }

    public void leave(String address) {
        all.decrementAndGet();
        byAddress.computeIfPresent(AddressKey.of(address), (known, count) -> count == 1 ? null : count - 1);
    }

    boolean areTaken() {
        return all.get() >= most;
    }

    boolean areTakenBy(String key) {
        return byAddress.getOrDefault(key, 0) >= mostOfAddress;
    }

    /** How many are taken. */
    public int taken() {
        return all.get();
    }

    /** How many addresses have one. */
    int addresses() {
        return byAddress.size();
    }
}
