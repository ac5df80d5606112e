package dev.realtime.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fails a test whose thread waits for what can only happen while it does not wait. Such a test would stand still for ever: the engine, its handlers and
 * the clock are all moved by that one thread. Looks on from a thread of its own, by the real clock.
 *
 * <p>Stages of the engine fail when it is closed, which wakes whoever waits for one. Other waits end by an interrupt, except {@code join} on a future
 * of the application's own: nothing can end that, so the report is printed then.
 */
final class BlockingWatchdog {
    static final Duration DEFAULT = Duration.ofSeconds(10);

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final int LOOKS = 20; // before the limit
    /** Between the attempts to wake a thread. */
    private static final long PAUSE_MILLIS = 100;

    private static final int ATTEMPTS = 10;

    private final VirtualTime time;
    private final Runnable closeEngines;
    private Duration limit = DEFAULT;
    private @Nullable Thread watching;
    private volatile @Nullable AssertionError report;
    private boolean told;

    /** @param closeEngines fails all stages that wait for the engine */
    BlockingWatchdog(VirtualTime time, Runnable closeEngines) {
        this.time = time;
        this.closeEngines = closeEngines;
    }

    void limit(Duration value) {
        if (value.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("blockingLimit is at least " + LEAST + ", but was " + value);
        }
        limit = value;
    }

    void start() {
        report = null;
        told = false;
        Thread thread = new Thread(this::watch, "realtime-testkit-watchdog");
        thread.setDaemon(true);
        watching = thread;
        thread.start();
    }

    void stop() {
        if (watching != null) {
            watching.interrupt();
            watching = null;
        }
        if (report != null) {
            Thread.interrupted(); // was meant for a wait that is over
        }
    }

    /** Whether the engines have been closed to wake the test. */
    boolean hasFired() {
        return report != null;
    }

    /** The failure of a test that has come to this failure, by itself or because it was woken. */
    Throwable explained(Throwable failure) {
        AssertionError reason = report;
        if (reason == null) {
            return failure;
        }
        told = true;
        reason.addSuppressed(failure);
        return reason;
    }

    /** Fails a test that has blocked and has not failed by that. */
    void check() {
        AssertionError reason = report;
        if (reason != null && !told) {
            told = true;
            throw reason;
        }
    }

    private void watch() {
        try {
            boolean blocked = false;
            while (!blocked) {
                blocked = hasBlocked();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }

    /** Looks at one wait of the thread until it is over or has taken too long. */
    private boolean hasBlocked() throws InterruptedException {
        Thread thread = time.mover();
        StackTraceElement[] place = waitingPlace(thread);
        long pause = limit.toMillis() / LOOKS;
        if (thread == null || place.length == 0) {
            Thread.sleep(pause);
            return false;
        }
        for (int look = 0; look < LOOKS; look++) {
            Thread.sleep(pause);
            if (!isStillThere(thread, place)) {
                return false;
            }
        }
        fail(thread, place);
        return true;
    }

    private boolean isStillThere(Thread thread, StackTraceElement[] place) {
        return thread.equals(time.mover()) && Arrays.equals(place, waitingPlace(thread));
    }

    /** Where a thread waits without a limit of its own; empty when it does not. */
    private static StackTraceElement[] waitingPlace(@Nullable Thread thread) {
        return thread == null || thread.getState() != Thread.State.WAITING
                ? new StackTraceElement[0]
                : thread.getStackTrace();
    }

    private void fail(Thread thread, StackTraceElement[] place) throws InterruptedException {
        AssertionError reason = new AssertionError(describe(place));
        reason.setStackTrace(place);
        report = reason;
        Thread.currentThread().interrupt(); // an engine that is closed waits for its drain, which cannot end now
        try {
            closeEngines.run();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        } finally {
            Thread.interrupted();
        }
        Thread.sleep(PAUSE_MILLIS);
        for (int attempt = 0; attempt < ATTEMPTS && isStillThere(thread, place); attempt++) {
            thread.interrupt();
            Thread.sleep(PAUSE_MILLIS);
        }
        if (isStillThere(thread, place)) {
            print(reason);
        }
    }

    @SuppressWarnings("SystemOut") // the test will never end, and this is all that is seen of it
    private static void print(AssertionError reason) {
        System.err.println(reason.getMessage());
        Stream.of(reason.getStackTrace()).forEach(frame -> System.err.println("\tat " + frame));
    }

    private String describe(StackTraceElement[] place) {
        List<StackTraceElement> frames = List.of(place);
        boolean inTask =
                frames.stream().anyMatch(frame -> frame.getClassName().equals(VirtualExecutor.class.getName()));
        String waiting = " has waited for " + limit + " at "
                + frames.stream()
                        .filter(BlockingWatchdog::isOfTheApplication)
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName()
                                + ":" + frame.getLineNumber() + ")")
                        .orElse("an unknown place")
                + ", for what cannot happen before it goes on: ";
        return inTask
                ? "a handler" + waiting
                        + "in a test all handlers run on the test's thread, one after another. Return the stage instead"
                        + " of waiting for it (onAsync), or go on in thenAccept"
                : "the test" + waiting
                        + "the engine and the clock are moved by the test's own thread. Use await(stage) instead of"
                        + " join() or get(), or advance(Duration) first";
    }

    private static boolean isOfTheApplication(StackTraceElement frame) {
        String name = frame.getClassName();
        return !name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("dev.realtime.internal.");
    }
}
