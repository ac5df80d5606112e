package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one client is shown in a second. */
class ToldClientTest {
    private static final int MOST = 100;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ToldClient client = new ToldClient(MOST);

    @Test
    void theFirstAlwaysFits() {
        assertThat(client.hasRoomFor(10 * MOST, 0, SECOND)).isTrue();
    }

    @Test
    void nothingMoreNeedBeMadeForAClientInASecondInWhichSomethingDidNotFit() {
        client.shows("one", 60, SECOND);
        assertThat(client.hasRoomFor(60, 0, SECOND)).isFalse();
        assertThat(client.isFull(SECOND)).isFalse();
        client.fill(SECOND);
        assertThat(client.isFull(2 * SECOND - 1)).isTrue();
        assertThat(client.isFull(2 * SECOND)).isFalse();
        assertThat(client.hasRoomFor(60, 0, 2 * SECOND)).isTrue();
    }
}
