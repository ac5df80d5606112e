package dev.realtime.internal.idempotency;

import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The value of one key in the store, as one attempt reads and writes it: one question at a time, whose answer is used once, if it comes in time. Thread-safe. */
final class KeyValue {
    private final IdempotentRequests all;
    private final String name;
    private final Duration life;
    private final String attempt;
    private final BooleanSupplier over;
    private final Consumer<Throwable> failed;
    // guarded by this
    private long questions;
    private boolean asking;
    private long askedAt;

    /**
     * @param life of what is written
     * @param over whether nobody needs the key here any more
     * @param failed the store has not answered in time, or in no way that could be used
     */
    KeyValue(
            IdempotentRequests all,
            String name,
            Duration life,
            String attempt,
            BooleanSupplier over,
            Consumer<Throwable> failed) {
        this.all = all;
        this.name = name;
        this.life = life;
        this.attempt = attempt;
        this.over = over;
        this.failed = failed;
    }

    /** Claims the key, or goes on claiming it. */
    void claim(long expectedVersion, long until, Consumer<Written> then) {
        put(expectedVersion, KeyRecord.text(attempt, until), then);
    }

    void answer(long expectedVersion, Outcome outcome, Consumer<Written> then) {
        put(expectedVersion, KeyRecord.text(attempt, outcome), then);
    }

    void release(long expectedVersion, Consumer<Written> then) {
        put(expectedVersion, null, then);
    }

    void find(Consumer<Value> then) {
        ask(() -> all.values().find(name), Function.identity(), then, late -> {});
    }

    private void put(long expectedVersion, @Nullable String text, Consumer<Written> then) {
        ask(() -> all.values().put(name, expectedVersion, text, life), Written::value, then, this::late);
    }

    /** A claim that was given up came through after all: nobody waits for it. */
    private void late(Written written) {
        Value there = written.value();
        if (written.isDone() && over.getAsBoolean() && record(there) instanceof KeyRecord.Running) {
            var unused = all.values().put(name, there.version(), null, life);
        }
    }

    private <T> void ask(
            Supplier<CompletionStage<T>> question, Function<T, Value> value, Consumer<T> then, Consumer<T> late) {
        long at = all.clock().nanoTime();
        long mine;
        synchronized (this) {
            mine = ++questions;
            asking = true;
            askedAt = at;
        }
        question.get().whenComplete((answer, failure) -> {
            if (failure == null) {
                all.clock().answered(at, value.apply(answer).at());
            }
            if (!ends(mine)) {
                if (failure == null) {
                    late.accept(answer);
                }
            } else if (failure != null) {
                failed.accept(failure);
            } else {
                use(answer, then);
            }
        });
    }

    private <T> void use(T answer, Consumer<T> then) {
        try {
            then.accept(answer);
        } catch (RuntimeException | Error e) {
            failed.accept(e);
        }
    }

    private synchronized boolean ends(long mine) {
        if (!asking || questions != mine) {
            return false;
        }
        asking = false;
        return true;
    }

    synchronized boolean isAsking() {
        return asking;
    }

    /** Gives up what has been asked before a moment of the monotonic clock; returns whether there was anything. */
    synchronized boolean giveUp(long before) {
        boolean given = asking && askedAt - before < 0;
        asking = asking && !given;
        return given;
    }

    /** What is written there; null if that is nothing, or what only a later version can read. */
    static @Nullable KeyRecord record(Value there) {
        return there.text() == null ? null : KeyRecord.parse(there.text());
    }

    /** Whether this very attempt wrote what is there: a write can be done although nobody was told so. */
    boolean isMine(Value there) {
        KeyRecord record = record(there);
        return record != null && record.attempt().equals(attempt);
    }
}
