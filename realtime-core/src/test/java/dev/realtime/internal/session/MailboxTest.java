package dev.realtime.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.spi.BoundedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private static final int ROUNDS = 20_000;

    private final SystemTime time = SystemTime.start();
    private final ExecutorService handlers = Executors.newSingleThreadExecutor();
    private final ExecutorService others = Executors.newSingleThreadExecutor();
    private final TimeoutQueue flushes = new TimeoutQueue(time, others, Duration.ofMillis(1));

    @AfterEach
    void stop() {
        time.close();
        handlers.shutdownNow();
        others.shutdownNow();
    }

    /** The second task comes in every moment of the turn, most of all when the first one has just ended. */
    @Test
    void whatATaskHasSentLeavesAlthoughATaskThatComesBehindItBlocks() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            AtomicBoolean sent = new AtomicBoolean();
            CountDownLatch left = new CountDownLatch(1);
            CountDownLatch unblocked = new CountDownLatch(1);
            Runnable flush = () -> {
                if (sent.get()) {
                    left.countDown();
                }
            };
            Mailbox mailbox = new Mailbox(handlers, flushes, flush, HandlerWatch.off(), new BoundedLog(() -> 0));
            int length = round % 100;
            mailbox.offer(() -> {
                sent.set(true);
                spin(length);
                return null;
            });
            while (!sent.get()) {
                Thread.onSpinWait();
            }
            mailbox.offer(() -> {
                await(unblocked, 60);
                return null;
            });
            assertThat(await(left, 10)).as("it has left in round %s", round).isTrue();
            unblocked.countDown();
        }
    }

    @Test
    void aTaskThatLeavesItsThreadInterruptedDoesNotInterruptTheNext() {
        List<Boolean> interrupted = new ArrayList<>();
        Mailbox mailbox = new Mailbox(Runnable::run, flushes, () -> {}, HandlerWatch.off(), new BoundedLog(() -> 0));
        Mailbox.Task interrupts = () -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            return null;
        };
        Runnable turn = mailbox.put(interrupts);
        mailbox.offer(interrupts);
        turn.run();
        mailbox.offerHere(interrupts, 0);
        interrupted.add(Thread.interrupted());
        assertThat(interrupted).containsExactly(false, false, false, false);
    }

    @Test
    void whoWasInterruptedBeforeItRanATaskIsSoAfterwards() {
        Mailbox mailbox = new Mailbox(Runnable::run, flushes, () -> {}, HandlerWatch.off(), new BoundedLog(() -> 0));
        Thread.currentThread().interrupt();
        mailbox.offerHere(() -> null, 0);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void spin(int length) {
        for (int i = 0; i < length; i++) {
            Thread.onSpinWait();
        }
    }

    private static boolean await(CountDownLatch latch, int seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
