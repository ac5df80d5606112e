package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP connections of a server: how many there are, in all and from each address, and which of them have been of no use for too long
 * (kept alive for nothing, opened for nothing, or sending a request's head drop by drop). WebSockets are not among them, the engine
 * counts those and has its own heartbeat for them.
 */
final class HttpConnections {
    private final HttpOptions options;
    private final HttpCounters counters;
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();

    HttpConnections(HttpOptions options, HttpCounters counters, DeadlineTimer deadlines) {
        this.options = options;
        this.counters = counters;
        deadlines.every(options.idleTimeout().dividedBy(4), this::sweep);
    }

    /** Whether there is room for one more. Whoever has entered leaves once. */
    boolean enter(HttpConnection connection) {
        if (count.incrementAndGet() <= options.maxConnections()) {
            String key = key(connection);
            if (key == null || perAddress.merge(key, 1, Integer::sum) <= options.maxConnectionsPerAddress()) {
                open.add(connection);
                return true;
            }
            forget(key);
        }
        count.decrementAndGet();
        counters.refusedConnections.increment();
        return false;
    }

    void leave(HttpConnection connection) {
        if (open.remove(connection)) {
            count.decrementAndGet();
            forget(key(connection));
        }
    }

    /** Under what it is counted; null for a trusted proxy, which brings as many as there are clients behind it. */
    private @Nullable String key(HttpConnection connection) {
        return options.proxies().trusts(connection.address()) ? null : AddressKey.of(connection.address());
    }

    private void forget(@Nullable String key) {
        if (key != null) {
            perAddress.computeIfPresent(key, (k, n) -> n == 1 ? null : n - 1);
        }
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    void terminateAll() {
        open.forEach(HttpConnection::terminate);
    }

    /** Each connection ends when what it is doing is done. */
    void finishAll() {
        open.forEach(HttpConnection::finish);
    }

    private void sweep() {
        long now = System.nanoTime();
        long longest = options.idleTimeout().toNanos();
        for (HttpConnection connection : open) {
            if (connection.idleNanos(now) > longest) {
                connection.expire(longest);
            }
        }
    }
}
