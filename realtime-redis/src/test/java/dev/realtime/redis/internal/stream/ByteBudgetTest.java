package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget();

    private void add(int from, int to, int size) {
        for (int i = from; i <= to; i++) {
            budget.add(new Position(i, 0), size);
        }
    }

    @Test
    void nothingIsSpentBeforeAnybodySaysWhatIsNeeded() {
        add(1, 1_000, 100);
        assertThat(budget.gone()).isEqualTo(Position.START);

        budget.grow(6_400);
        add(1_001, 1_010, 100);
        assertThat(budget.gone()).isEqualTo(Position.START);
    }

    @Test
    void whatIsNeededIsNeverSpentAndNotMuchMoreIsKept() {
        budget.grow(6_400);
        for (int i = 1; i <= 1_000; i++) {
            add(i, i, 100);
            long kept = i - budget.gone().time();
            assertThat(kept).isGreaterThanOrEqualTo(Math.min(i, 64));
            assertThat(kept).isLessThanOrEqualTo(64 + 2);
        }
    }

    @Test
    void aFurtherNeedKeepsMore() {
        budget.grow(6_400);
        budget.grow(6_400);
        add(1, 1_000, 100);
        assertThat(1_000 - budget.gone().time()).isGreaterThanOrEqualTo(128);
    }
}
