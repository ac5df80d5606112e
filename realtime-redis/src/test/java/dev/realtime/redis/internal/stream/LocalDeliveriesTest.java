package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalDeliveriesTest {
    private final LocalDeliveries local = new LocalDeliveries();

    @Test
    void whatTurnsUpInTheStreamIsNotHandedOnAgain() {
        assertThat(local.handsOn(3)).isTrue();
        assertThat(local.handsOn(4)).isTrue();
        assertThat(local.wasHandedOn(2)).isFalse();
        assertThat(local.wasHandedOn(3)).isTrue();
        assertThat(local.wasHandedOn(4)).isTrue();
        assertThat(local.wasHandedOn(5)).isFalse();
        assertThat(local.size()).isZero();
    }

    @Test
    void whatNeverTurnsUpIsForgottenWithTheNextThatDoes() {
        for (int number = 0; number < 512; number++) {
            local.handsOn(number);
        }
        assertThat(local.wasHandedOn(100)).isTrue();
        assertThat(local.size()).isEqualTo(411);
        assertThat(local.wasHandedOn(600)).isFalse();
        assertThat(local.size()).isZero();
    }

    /** The stream had it, the reader read it, and only the answer to its writer was lost. */
    @Test
    void whatHasBeenReadIsNotHandedOnByItself() {
        assertThat(local.wasHandedOn(7)).isFalse();
        assertThat(local.handsOn(6)).isFalse();
        assertThat(local.handsOn(7)).isFalse();
        assertThat(local.handsOn(8)).isTrue();
    }

    @Test
    void ofTooManyTheOldestAreForgotten() {
        for (int number = 0; number <= LocalDeliveries.MOST; number++) {
            local.handsOn(number);
        }
        assertThat(local.size()).isEqualTo(LocalDeliveries.MOST);
        assertThat(local.wasHandedOn(0)).isFalse();
        assertThat(local.wasHandedOn(1)).isTrue();
    }
}
