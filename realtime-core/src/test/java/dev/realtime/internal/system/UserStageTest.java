package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the application makes depend on a stage runs where its handlers run, and not on the thread that completes it. */
class UserStageTest {
    private final ArrayDeque<Runnable> handlers = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private final CompletableFuture<String> backends = new CompletableFuture<>();
    private final CompletionStage<String> stage = UserStage.of(backends, handlers::add);

    @Test
    void nothingRunsOnTheThreadThatCompletesIt() {
        stage.thenAccept(ran::add);
        stage.thenRun(() -> ran.add("run"));
        stage.thenApply(ran::add).whenComplete((added, failure) -> ran.add("behind"));
        stage.whenComplete((value, failure) -> ran.add("complete"));
        stage.handle((value, failure) -> ran.add("handle"));
        stage.thenCombine(CompletableFuture.completedFuture("x"), (one, other) -> ran.add("both"));
        stage.runAfterEither(new CompletableFuture<>(), () -> ran.add("either"));
        CompletableFuture<String> second = new CompletableFuture<>();
        stage.thenCompose(value -> second).thenAccept(value -> ran.add("composed"));
        backends.complete("value");
        assertThat(ran).isEmpty();
        while (!handlers.isEmpty()) {
            handlers.remove().run();
        }
        assertThat(ran)
                .containsExactlyInAnyOrder("value", "run", "value", "behind", "complete", "handle", "both", "either");
        second.complete("later");
        assertThat(ran).doesNotContain("composed");
        handlers.remove().run();
        assertThat(ran).endsWith("composed");
    }

    @Test
    void failuresToo() {
        stage.exceptionally(failure -> {
            ran.add(failure.getMessage());
            return "";
        });
        backends.completeExceptionally(new IllegalStateException("no"));
        assertThat(ran).isEmpty();
        handlers.remove().run();
        assertThat(ran).containsExactly("no");
    }

    @Test
    void whoWaitsForItIsWokenAtOnce() {
        backends.complete("value");
        assertThat(stage.toCompletableFuture().join()).isEqualTo("value");
        assertThat(handlers).isEmpty();
    }

    @Test
    void aCompleteStageStaysWhatItIs() {
        CompletableFuture<String> done = CompletableFuture.completedFuture("value");
        assertThat(UserStage.of(done, handlers::add)).isSameAs(done);
    }
}
