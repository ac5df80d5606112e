package dev.realtime.spi;

import static dev.realtime.spi.InboundBudget.Use.ARRIVING;
import static dev.realtime.spi.InboundBudget.Use.CONNECTING;
import static dev.realtime.spi.InboundBudget.Use.OPENING;
import static dev.realtime.spi.InboundBudget.Use.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.spi.InboundBudget.Use;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundBudgetTest {
    private static final String ANN = "10.0.0.1";

    private final AtomicInteger refusals = new AtomicInteger();
    private final InboundBudget budget = new InboundBudget(800, 20, refusals::incrementAndGet);

    @ParameterizedTest
    @CsvSource({"ARRIVING, 200", "CONNECTING, 100", "OPENING, 100", "WAITING, 400", "UNREAD, 200"})
    void eachUseHasItsPart(Use use, int part) {
        for (int i = 0; i < 4; i++) {
            assertThat(budget.take(use, "10.0.0." + i, part / 4)).isTrue();
        }
        assertThat(budget.take(use, "10.0.0.9", 1)).isFalse();
        assertThat(refusals).hasValue(1);
        assertThat(budget.used()).isEqualTo(part);
        for (Use other : Use.values()) {
            if (other != use) {
                assertThat(budget.take(other, ANN, 1))
                        .as("%s beside %s", other, use)
                        .isTrue();
            }
        }
    }

    @Test
    void oneAddressGetsAQuarterOfAPart() {
        assertThat(budget.take(ARRIVING, ANN, 50)).isTrue();
        assertThat(budget.take(ARRIVING, ANN, 1)).isFalse();
        assertThat(budget.take(ARRIVING, "10.0.0.2", 50)).isTrue();
        assertThat(budget.take(CONNECTING, ANN, 25)).as("another part").isTrue();
        assertThat(budget.take(ARRIVING, "2001:db8::1", 50)).isTrue();
        assertThat(budget.take(ARRIVING, "2001:db8::2", 1)).as("the same /64").isFalse();
    }

    @Test
    void oneAddressGetsRoomForTheLargestThing() {
        InboundBudget tight = new InboundBudget(800, 90, () -> {});
        assertThat(tight.take(CONNECTING, ANN, 90)).isTrue();
        assertThat(tight.take(ARRIVING, ANN, 91)).isFalse();
        assertThat(tight.take(ARRIVING, ANN, 90)).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(budget.take(OPENING, ANN, 20)).isTrue();
        assertThat(budget.take(OPENING, ANN, 5)).isTrue();
        budget.give(OPENING, ANN, 20);
        assertThat(budget.used()).isEqualTo(5);
        assertThat(budget.take(OPENING, ANN, 20)).isTrue();
        budget.give(OPENING, ANN, 25);
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusedBytesAreNotKept() {
        for (int i = 0; i < 4; i++) {
            budget.take(CONNECTING, "10.0.0." + i, 24);
        }
        assertThat(budget.take(CONNECTING, "10.0.0.9", 5))
                .as("more than the part")
                .isFalse();
        assertThat(budget.take(CONNECTING, ANN, 2)).as("more than an address's").isFalse();
        assertThat(budget.used()).isEqualTo(96);
        assertThat(budget.take(CONNECTING, "10.0.0.9", 4)).isTrue();
    }

    @Test
    void eventsOfSessionsAreCountedEvenBeyondTheirPart() {
        assertThat(budget.add(400)).isTrue();
        assertThat(budget.add(1)).isFalse();
        assertThat(budget.take(WAITING, ANN, 1)).isFalse();
        budget.remove(2);
        assertThat(budget.take(WAITING, ANN, 1)).isTrue();
    }

    @Test
    void aShareCountsWhatIsBeyondTheFreeBytes() {
        InboundBudget larger = new InboundBudget(100_000, 1, () -> {});
        InboundBudget.Share share = larger.share(ARRIVING, ANN);
        assertThat(share.hold(InboundBudget.FREE)).isTrue();
        assertThat(larger.used()).isZero();
        assertThat(share.hold(InboundBudget.FREE + 6_250)).isTrue();
        assertThat(share.hold(InboundBudget.FREE + 6_251)).isFalse();
        assertThat(larger.used()).isEqualTo(6_250);
        share.close();
        assertThat(larger.used()).isZero();
        assertThat(share.hold(1)).isFalse();
    }

    @Test
    void aBudgetHasBytes() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InboundBudget(0, 1, () -> {}));
    }
}
