package dev.realtime.internal.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int PATIENCE_SECONDS = 15;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new ClassLoader(before) {};
    private final Workers workers = start();

    private Workers start() {
        Thread.currentThread().setContextClassLoader(application);
        return Workers.start(Workers.HANDLER_THREADS);
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
    void aTaskBehindTheEndIsIgnored() throws Exception {
        Workers ended = start();
        CompletableFuture<String> ran = new CompletableFuture<>();
        CountDownLatch last = new CountDownLatch(1);
        ended.execute(last::countDown);
        assertThat(last.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        ended.close();
        ended.execute(() -> ran.complete("the engine's"));
        ended.handlers().execute(() -> ran.complete("a handler"));
        assertThatThrownBy(() -> ran.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void theEnginesOwnWorkGoesOnAlthoughAllHandlersBlock() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(64);
        try {
            for (int i = 0; i < 1_000; i++) {
                workers.handlers().execute(() -> {
                    blocked.countDown();
                    await(end);
                });
            }
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Void> ran = new CompletableFuture<>();
                workers.execute(() -> ran.complete(null));
                ran.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(blocked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
        }
    }

    @Test
    void handlersHaveNoMoreThreadsThanAllowedAndAllGetTheirTurn() throws Exception {
        Workers few = Workers.start(20);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(50);
        CountDownLatch all = new CountDownLatch(20);
        CountDownLatch more = new CountDownLatch(21);
        try {
            for (int i = 0; i < 50; i++) {
                few.handlers().execute(() -> {
                    all.countDown();
                    more.countDown();
                    await(end);
                    done.countDown();
                });
            }
            assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            boolean virtual = Runtime.version().feature() >= 21;
            assertThat(more.await(200, TimeUnit.MILLISECONDS)).isEqualTo(virtual);
            end.countDown();
            assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
            few.close();
        }
    }

    @Test
    void whatTheApplicationsExecutorRejectsRunsOnTheEnginesOwnThreads() throws Exception {
        try (Workers beside = Workers.startBeside(task -> {
            throw new RejectedExecutionException("full");
        })) {
            CompletableFuture<String> handler = new CompletableFuture<>();
            CompletableFuture<String> newcomer = new CompletableFuture<>();
            beside.handlers()
                    .execute(() -> handler.complete(Thread.currentThread().getName()));
            beside.newcomers()
                    .execute(() -> newcomer.complete(Thread.currentThread().getName()));
            assertThat(handler.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("realtime-");
            assertThat(newcomer.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("realtime-");
        }
    }

    @Test
    void threadsHaveNames() throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> handler = new CompletableFuture<>();
        workers.execute(() -> own.complete(Thread.currentThread().getName()));
        workers.handlers().execute(() -> handler.complete(Thread.currentThread().getName()));
        assertThat(own.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("realtime-");
        assertThat(handler.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).startsWith("realtime-");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
