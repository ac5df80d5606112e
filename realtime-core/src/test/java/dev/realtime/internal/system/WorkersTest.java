package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int PATIENCE_SECONDS = 15;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new ClassLoader(before) {};
    private final Workers workers = start();

    private Workers start() {
        Thread.currentThread().setContextClassLoader(application);
        return Workers.start();
    }

    @AfterEach
    void close() {
        workers.close();
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void threadsEndWithTheProcessAndSeeTheClassesOfTheApplication() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        CompletableFuture<ClassLoader> saw = new CompletableFuture<>();
        workers.execute(() -> {
            ran.complete(Thread.currentThread());
            saw.complete(Thread.currentThread().getContextClassLoader());
        });
        assertThat(ran.get(PATIENCE_SECONDS, TimeUnit.SECONDS).isDaemon()).isTrue();
        assertThat(saw.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isSameAs(application);
    }

    @Test
    void tasksThatBlockHoldUpNobodyElse() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(15);
        for (int i = 0; i < 15; i++) {
            workers.execute(() -> {
                blocked.countDown();
                await(end);
            });
        }
        CompletableFuture<Void> ran = new CompletableFuture<>();
        workers.execute(() -> workers.execute(() -> ran.complete(null)));
        ran.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        end.countDown();
    }

    @Test
    void aTaskThatFailsCostsNoThread() throws Exception {
        for (int i = 0; i < 100; i++) {
            workers.execute(() -> {
                throw new IllegalStateException("a failed task");
            });
        }
        CompletableFuture<Void> ran = new CompletableFuture<>();
        workers.execute(() -> ran.complete(null));
        ran.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aTaskBehindTheEndIsIgnored() {
        workers.close();
        workers.execute(() -> {
            throw new AssertionError("the workers have ended");
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
