package dev.realtime.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A test that blocks where nothing can go on any more fails, and says what to do. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockingWatchdogTest {
    private static final Event<String> WAIT = Event.of("wait", String.class);
    private static final Request<String, String> READY = Request.of("ready", String.class, String.class);
    private static final Duration LIMIT = Duration.ofMillis(200);

    private final TestRealtime realtime =
            TestRealtime.of(BlockingWatchdogTest::game).blockingLimit(LIMIT);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.on(
                                WAIT,
                                (session, text) -> session.request(READY, text, Duration.ofMinutes(1))
                                        .toCompletableFuture()
                                        .join()));
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Runs a test as JUnit does, and returns how it failed. */
    private Throwable failureOf(Body test) {
        realtime.beforeEach(null);
        Throwable failure = null;
        try {
            test.run();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        Throwable reported = null;
        if (failure != null) {
            Throwable known = failure;
            reported = catchThrowable(() -> realtime.handleTestExecutionException(null, known));
        }
        Throwable last = catchThrowable(() -> realtime.afterEach(null));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        return reported == null ? last : reported;
    }

    @Test
    void aTestThatJoinsAStageOfTheEngine() {
        Throwable failure = failureOf(() -> {
            realtime.connect("/", "ann");
            realtime.namespace("/")
                    .request(READY, "?", Duration.ofMinutes(1))
                    .toCompletableFuture()
                    .join();
        });
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the test has waited for PT0.2S at " + BlockingWatchdogTest.class.getName())
                .hasMessageContaining("await(stage)")
                .hasMessageContaining("advance(Duration)");
        assertThat(List.of(failure.getStackTrace()))
                .as("where it waits")
                .anyMatch(frame -> frame.getMethodName().equals("join"))
                .anyMatch(frame -> frame.getMethodName().equals("aTestThatJoinsAStageOfTheEngine")
                        || frame.getMethodName().contains("aTestThatJoinsAStageOfTheEngine"));
    }

    @Test
    void aHandlerThatJoinsAStageOfTheEngine() {
        Throwable failure = failureOf(() -> realtime.connect("/", "ann").emit(WAIT, "?"));
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("a handler has waited for PT0.2S at " + BlockingWatchdogTest.class.getName())
                .hasMessageContaining("Return the stage instead of waiting for it (onAsync), or go on in thenAccept");
    }

    @Test
    void aTestThatWaitsForAnythingElse() {
        Throwable failure = failureOf(() -> new CountDownLatch(1).await());
        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageStartingWith("the test has waited");
        assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(InterruptedException.class);
        assertThat(failureOf(() -> new CompletableFuture<>().get())).hasMessageStartingWith("the test has waited");
    }

    @Test
    void aTestOfAClusterThatJoinsAStage() {
        TestCluster cluster = TestCluster.of(2, BlockingWatchdogTest::game).blockingLimit(LIMIT);
        cluster.beforeEach(null);
        cluster.connect(1, "/", "bob");
        Throwable woken = catchThrowable(() -> cluster.node(0)
                .namespace("/")
                .request(READY, "?", Duration.ofMinutes(1))
                .toCompletableFuture()
                .join());
        assertThatThrownBy(() -> cluster.handleTestExecutionException(null, woken))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("await(stage)")
                .hasSuppressedException(woken);
        assertThatCode(() -> cluster.afterEach(null)).doesNotThrowAnyException();
    }

    @Test
    void aTestThatDoesNotBlockIsLeftAlone() {
        assertThat(failureOf(() -> realtime.connect("/", "ann"))).isNull();
        assertThat(failureOf(() -> {
                    throw new AssertionError("its own");
                }))
                .hasMessage("its own");
    }

    @Test
    void aLimitThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> realtime.blockingLimit(Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least PT0.1S, but was PT0.001S");
    }
}
