package dev.realtime.internal.engine;

import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Claimant;
import dev.realtime.spi.Home;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The application's backend; where its stores throw in place of a stage that fails, or return null, the stage fails. Thread-safe. */
public final class StagedBackend implements Backend {
    private final Backend given;

    public StagedBackend(Backend given) {
        this.given = given;
    }

    private static <T> CompletionStage<T> staged(Supplier<? extends @Nullable CompletionStage<T>> call) {
        try {
            CompletionStage<T> stage = call.get();
            return stage == null
                    ? CompletableFuture.failedFuture(new NullPointerException("the backend returned no stage"))
                    : stage;
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What the backend is called. */
    @Override
    public String toString() {
        return given.getClass().getSimpleName();
    }

    @Override
    public Log log(String namespace, String node, Retention retention) {
        return given.log(namespace, node, retention);
    }

    @Override
    public Bus bus(String namespace, String node) {
        return given.bus(namespace, node);
    }

    @Override
    public SessionStore sessions() {
        return new StagedSessions(given.sessions());
    }

    @Override
    public Leases leases() {
        return new StagedLeases(given.leases());
    }

    @Override
    public Values values() {
        return new StagedValues(given.values());
    }

    @Override
    public Queues queues() {
        return new StagedQueues(given.queues());
    }

    @Override
    public String epoch() {
        return given.epoch();
    }

    @Override
    public long gaps() {
        return given.gaps();
    }

    @Override
    public Map<String, Long> counters() {
        return given.counters();
    }

    @Override
    public void runOn(Time engine) {
        given.runOn(engine);
    }

    @Override
    public boolean isDegraded() {
        return given.isDegraded();
    }

    @Override
    public Registration watch(Runnable changed) {
        return given.watch(changed);
    }

    @Override
    public void close() {
        given.close();
    }

    /** What is too large for a value is refused here, for all backends alike. */
    private record StagedValues(Values given) implements Values {
        private static final int MOST_BYTES = 16 << 10;

        @Override
        public CompletionStage<Value> find(String name) {
            return staged(() -> given.find(name));
        }

        @Override
        public CompletionStage<Written> put(
                String name, long expectedVersion, @Nullable String text, Duration timeToLive) {
            int bytes = text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
            return bytes > MOST_BYTES
                    ? CompletableFuture.failedFuture(new IllegalArgumentException(
                            "the value '" + name + "' would have " + bytes + " bytes, and may have " + MOST_BYTES))
                    : staged(() -> given.put(name, expectedVersion, text, timeToLive));
        }
    }

    private record StagedQueues(Queues given) implements Queues {
        @Override
        public CompletionStage<Added> put(String queue, Item item, Bounds bounds) {
            return staged(() -> given.put(queue, item, bounds));
        }

        @Override
        public CompletionStage<Page> find(String queue, Collection<String> ids) {
            return staged(() -> given.find(queue, ids));
        }

        @Override
        public CompletionStage<Page> list(String queue, @Nullable String after, int limit) {
            return staged(() -> given.list(queue, after, limit));
        }

        @Override
        public CompletionStage<Size> size(String queue) {
            return staged(() -> given.size(queue));
        }

        @Override
        public CompletionStage<Taken> take(String queue, int limit, Duration lease, String owner) {
            return staged(() -> given.take(queue, limit, lease, owner));
        }

        @Override
        public CompletionStage<Void> release(String queue, Collection<String> ids, String owner) {
            return staged(() -> given.release(queue, ids, owner));
        }

        @Override
        public CompletionStage<Removed> remove(String queue, Collection<String> ids) {
            return staged(() -> given.remove(queue, ids));
        }

        @Override
        public CompletionStage<Removed> removeAt(String queue, Collection<String> places) {
            return staged(() -> given.removeAt(queue, places));
        }

        @Override
        public CompletionStage<Size> clear(String queue) {
            return staged(() -> given.clear(queue));
        }
    }

    private record StagedLeases(Leases given) implements Leases {
        @Override
        public CompletionStage<Boolean> renew(String node, Duration lease) {
            return staged(() -> given.renew(node, lease));
        }

        @Override
        public CompletionStage<Set<String>> living() {
            return staged(given::living);
        }

        @Override
        public CompletionStage<Set<String>> takeOver(Duration patience) {
            return staged(() -> given.takeOver(patience));
        }

        @Override
        public CompletionStage<Void> endTakeover(String node) {
            return staged(() -> given.endTakeover(node));
        }

        @Override
        public CompletionStage<Void> end(String node) {
            return staged(() -> given.end(node));
        }
    }

    private record StagedSessions(SessionStore given) implements SessionStore {
        @Override
        public CompletionStage<Void> save(SessionRecord session, Duration timeToLive) {
            return staged(() -> given.save(session, timeToLive));
        }

        @Override
        public CompletionStage<Optional<SessionRecord>> find(String privateId) {
            return staged(() -> given.find(privateId));
        }

        @Override
        public CompletionStage<Claim> claim(String privateId, String node, Claimant client) {
            return staged(() -> given.claim(privateId, node, client));
        }

        @Override
        public CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node) {
            return staged(() -> given.claimFrom(from, privateId, node));
        }

        @Override
        public CompletionStage<Removal> remove(String privateId, Home home) {
            return staged(() -> given.remove(privateId, home));
        }

        @Override
        public CompletionStage<List<SessionRecord>> homedAt(String node, int limit) {
            return staged(() -> given.homedAt(node, limit));
        }
    }
}
