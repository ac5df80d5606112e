package dev.realtime.internal.limits;

import dev.realtime.Principal;
import dev.realtime.limits.Limits;
import dev.realtime.spi.AddressKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a node that wait for their client: how many there may be in all, of one address, and of one user. Whoever connects and
 * hangs up without end uses up a share of his own and nobody else's recovery.
 */
public final class SuspendedSessions {
    private final Limits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<String, Integer> shares = new ConcurrentHashMap<>();

    public SuspendedSessions(Limits limits) {
        this.limits = limits;
    }

    /** The place of one session; given back once. */
    public final class Place {
        private final List<String> keys;
        private final AtomicBoolean left = new AtomicBoolean();

        private Place(List<String> keys) {
            this.keys = keys;
        }

        public void leave() {
            if (left.compareAndSet(false, true)) {
                all.decrementAndGet();
                keys.forEach(key -> shares.computeIfPresent(key, (known, count) -> count == 1 ? null : count - 1));
            }
        }
    }

    /** A place for a session whose connection is gone; null when there is none left in its share. */
    public @Nullable Place enter(String address, Principal principal) {
        Place place = new Place(new ArrayList<>(2));
        if (all.incrementAndGet() > limits.maxConnections()
                || !share("address " + AddressKey.of(address), limits.maxSuspendedPerIp(), place)
                || (!principal.anonymous() && !share("user " + principal.id(), limits.maxSuspendedPerUser(), place))) {
            place.leave();
            return null;
        }
        return place;
    }

    private boolean share(String key, int most, Place place) {
        place.keys.add(key);
        return shares.merge(key, 1, Integer::sum) <= most;
    }

    /** A place for a session that came to this node with its record: it has had one where it was. */
    public Place takeOver() {
        all.incrementAndGet();
        return new Place(List.of());
    }

    /** How many wait. */
    public int count() {
        return all.get();
    }

    /** How many addresses and users have a share. */
    public int shares() {
        return shares.size();
    }
}
