package dev.realtime.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When what handlers send on the thread that reads leaves. */
class HeldFlushTest {
    private static final long MILLISECOND = 1_000_000;

    private int flushes;
    private final HeldFlush held = new HeldFlush(() -> flushes++);

    @Test
    void theEndOfTheReadFlushesOnce() {
        held.hold(7);
        held.hold(8);
        held.hold(9);
        assertThat(flushes).isZero();
        held.release();
        assertThat(flushes).isEqualTo(1);
    }

    @Test
    void aReadWithoutEventsFlushesNothing() {
        held.release();
        held.hold(7);
        held.release();
        held.release();
        assertThat(flushes).isEqualTo(1);
    }

    @Test
    void behindASlowHandlerWhatIsHeldLeavesBeforeTheNext() {
        held.hold(7);
        held.hold(7 + MILLISECOND - 1);
        assertThat(flushes).isZero();
        held.hold(7 + MILLISECOND);
        assertThat(flushes).isEqualTo(1);
        held.hold(7 + 2 * MILLISECOND - 1);
        assertThat(flushes).isEqualTo(1);
        held.hold(7 + 2 * MILLISECOND);
        assertThat(flushes).isEqualTo(2);
    }

    @Test
    void whatIsHandledWhileAnotherReadIsCompleteLeavesAtOnce() {
        held.hold(7);
        held.handled();
        assertThat(flushes).isZero();
        held.hold(8);
        held.release();
        held.handled();
        assertThat(flushes).isEqualTo(2);
    }

    @Test
    void aMonotonicClockMayBeNegative() {
        held.hold(-2 * MILLISECOND - 1);
        held.hold(-1);
        assertThat(flushes).isEqualTo(1);
    }
}
