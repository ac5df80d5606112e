package dev.realtime.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainOptionsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void thePhasesFollowFromTheDeadline() {
        DrainOptions options = DrainOptions.within(MINUTE);
        assertThat(options.deadline()).isEqualTo(MINUTE);
        assertThat(options.announce()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options.spread()).isEqualTo(Duration.ofSeconds(30));
        assertThat(DrainOptions.DEFAULT).isEqualTo(DrainOptions.within(Duration.ofSeconds(30)));
    }

    @Test
    void theyMustFitIntoIt() {
        DrainOptions options = DrainOptions.within(MINUTE);
        assertThat(options.announce(Duration.ofSeconds(30)).announce()).isEqualTo(Duration.ofSeconds(30));
        assertThatThrownBy(() -> options.announce(Duration.ofSeconds(31)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DrainOptions.announce")
                .hasMessageContaining("between 0 ms and 30 s");
        assertThatThrownBy(() -> options.spread(Duration.ofSeconds(51)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DrainOptions.spread");
        assertThatThrownBy(() -> DrainOptions.within(Duration.ofDays(2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.spread(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalOptionsAreEqual() {
        DrainOptions options = DrainOptions.within(MINUTE).spread(Duration.ZERO);
        assertThat(options).isEqualTo(DrainOptions.within(MINUTE).spread(Duration.ZERO));
        assertThat(options).hasSameHashCodeAs(DrainOptions.within(MINUTE).spread(Duration.ZERO));
        assertThat(options).isNotEqualTo(DrainOptions.within(MINUTE));
        assertThat(options).hasToString("DrainOptions[deadline=PT1M, announce=PT10S, spread=PT0S]");
    }
}
