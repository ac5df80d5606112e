package dev.realtime.redis.internal.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** So many in any second, wherever the second begins, and none refused while there is room. */
class MessageRateTest {
    private static final long SECOND = 1_000_000_000;

    @Property(tries = 500)
    void noSecondHasMoreAndNoneIsRefusedForNothing(
            @ForAll @IntRange(min = 1, max = 20) int most,
            @ForAll @Size(max = 200) List<@LongRange(max = 300_000_000) Long> pauses) {
        MessageRate rate = new MessageRate(most);
        List<Long> admitted = new ArrayList<>();
        long now = -5 * SECOND; // the clock may begin anywhere
        for (long pause : pauses) {
            now += pause;
            long since = now - SECOND;
            boolean room = admitted.stream().filter(time -> time > since).count() < most;
            assertThat(rate.admit(now)).isEqualTo(room);
            if (room) {
                admitted.add(now);
            }
        }
    }
}
