package dev.realtime.spi;

import static dev.realtime.spi.InboundBudget.Use.ARRIVING;
import static dev.realtime.spi.InboundBudget.Use.OPENING;
import static dev.realtime.spi.InboundBudget.Use.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboundBudgetTest {
    private final AtomicInteger refusals = new AtomicInteger();
    private final InboundBudget budget = new InboundBudget(100, refusals::incrementAndGet);

    @Test
    void givesNoMoreThanThereIs() {
        assertThat(budget.take(WAITING, 60)).isTrue();
        assertThat(budget.take(WAITING, 41)).isFalse();
        assertThat(budget.used()).isEqualTo(60);
        assertThat(budget.take(WAITING, 40)).isTrue();
        assertThat(refusals).hasValue(1);
    }

    @Test
    void whatArrivesGetsHalfAtMost() {
        assertThat(budget.take(ARRIVING, 50)).isTrue();
        assertThat(budget.take(ARRIVING, 1)).isFalse();
        assertThat(budget.take(WAITING, 50)).isTrue();
    }

    @Test
    void whatOpenedConnectionsGetsAQuarterAtMost() {
        assertThat(budget.take(OPENING, 25)).isTrue();
        assertThat(budget.take(OPENING, 1)).isFalse();
        assertThat(budget.take(ARRIVING, 50)).isTrue();
        assertThat(budget.take(WAITING, 25)).isTrue();
        budget.give(OPENING, 25);
        assertThat(budget.take(OPENING, 25)).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(budget.take(ARRIVING, 50)).isTrue();
        budget.give(ARRIVING, 50);
        assertThat(budget.used()).isZero();
        assertThat(budget.take(ARRIVING, 50)).isTrue();
    }

    @Test
    void refusedBytesAreNotKept() {
        assertThat(budget.take(WAITING, 90)).isTrue();
        assertThat(budget.take(ARRIVING, 20)).isFalse();
        budget.give(WAITING, 90);
        assertThat(budget.take(ARRIVING, 50)).isTrue();
        assertThat(budget.take(WAITING, 50)).isTrue();
        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void aBudgetHasBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InboundBudget(0, () -> {}));
    }
}
