package dev.realtime.testkit;

import dev.realtime.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What handlers and listeners of the application have thrown during a test, oldest first, until the test takes it: what is left at the end fails the
 * test. Thread-safe, since a test may give its engines threads.
 */
final class HandlerFailures {
    private final List<Failure> untaken = new ArrayList<>();
    private boolean allowed;

    private record Failure(String who, Throwable cause) {}

    /** Takes note of a failure; see {@link dev.realtime.RealtimeBuilder#onError}. */
    synchronized void failed(@Nullable Session session, String what, Throwable cause) {
        if (allowed) {
            return;
        }
        untaken.add(new Failure("'" + what + "'" + (session == null ? "" : " of " + session), cause));
    }

    /** Whatever fails is meant to. */
    synchronized void allow() {
        allowed = true;
        untaken.clear();
    }

    /** Takes the oldest failure: it was meant to be. */
    synchronized Throwable take() {
        if (untaken.isEmpty()) {
            throw new AssertionError(
                    "no handler or listener has failed; if it will, advance the clock or settle first");
        }
        return untaken.remove(0).cause();
    }

    /** Fails the test if there are failures that it has not taken. */
    synchronized void check() {
        if (untaken.isEmpty()) {
            return;
        }
        List<Failure> all = List.copyOf(untaken);
        untaken.clear();
        AssertionError error = new AssertionError(
                "handlers or listeners have failed, and the test has not said expectHandlerFailure(): "
                        + String.join(
                                ", ",
                                all.stream()
                                        .map(failure -> failure.who() + " with " + failure.cause())
                                        .toList()),
                all.get(0).cause());
        all.stream().skip(1).forEach(failure -> error.addSuppressed(failure.cause()));
        throw error;
    }
}
