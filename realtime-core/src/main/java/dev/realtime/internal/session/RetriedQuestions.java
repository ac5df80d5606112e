package dev.realtime.internal.session;

import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The questions to the session store that decide about the end of a session. They are asked again until there is an answer, since without one
 * nobody knows whether another node has the session. While the store does not answer, one question is asked on behalf of all. Thread-safe.
 */
final class RetriedQuestions {
    /** Questions of a node that may wait. A further one fails at once. */
    static final int MOST = 10_000;

    private final Time time;
    private final Executor executor;
    private final Duration pause;
    // guarded by this
    private final Queue<Question<?>> waiting = new ArrayDeque<>();
    private Time.@Nullable Timer timer;
    private boolean closed;

    private record Question<T>(Supplier<CompletionStage<T>> ask, CompletableFuture<T> answer) {}

    /** @param pause before the store is asked again */
    RetriedQuestions(Time time, Executor executor, Duration pause) {
        this.time = time;
        this.executor = executor;
        this.pause = pause;
    }

    /** Completes with the answer; exceptionally when too many wait. If the node stops before there is one, it never completes. */
    <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        ask(new Question<>(question, answer));
        return answer;
    }

    private <T> void ask(Question<T> question) {
        question.ask.get().whenComplete((answer, failure) -> {
            if (failure == null) {
                question.answer.complete(answer);
                askOthers();
            } else if (!later(question)) {
                question.answer.completeExceptionally(failure);
            }
        });
    }

    private synchronized boolean later(Question<?> question) {
        if (!closed && waiting.size() >= MOST) {
            return false;
        }
        if (!closed) {
            waiting.add(question);
            askLater();
        }
        return true;
    }

    /** Under the lock. */
    private void askLater() {
        if (timer == null) {
            timer = time.schedule(pause, () -> executor.execute(this::askOne));
        }
    }

    private void askOne() {
        Question<?> first;
        synchronized (this) {
            timer = null;
            first = waiting.poll();
            if (!waiting.isEmpty()) {
                askLater();
            }
        }
        if (first != null) {
            ask(first);
        }
    }

    /** Asks all that wait, since the store answers again. */
    private void askOthers() {
        Queue<Question<?>> others;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return;
            }
            others = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        others.forEach(this::ask);
    }

    /** Asks nothing more, since the node stops. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
