package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.presence.OwnSessions.Page;
import dev.realtime.internal.presence.PresenceNote.EndedSession;
import dev.realtime.presence.Status;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an heir says of sessions that it has inherited and has not claimed. */
class OwnSessionsTest {
    private static final long CLAIMS = Duration.ofSeconds(20).toNanos();
    private static final long PATIENCE = Duration.ofMinutes(2).toNanos();
    private static final SessionStatement SESSION =
            new SessionStatement("s", "ann", 1, Status.RECONNECTING, 0, true, List.of(), "");

    private long now;
    private final OwnSessions own = new OwnSessions(new SetTime(), session -> null);

    private List<EndedSession> saysToHaveEnded() {
        own.endLost(PATIENCE, CLAIMS);
        return own.takeUnsaid().stream().map(Page::ended).flatMap(List::stream).toList();
    }

    private void inheritUnclaimed() {
        own.inherits(SESSION, "dead", 0);
        now += CLAIMS;
        own.leaveUnclaimed("dead"::equals);
    }

    @Test
    void whoHasClaimedASessionHasTimeToSaySo() {
        inheritUnclaimed();
        assertThat(saysToHaveEnded()).isEmpty();
        now += CLAIMS;
        assertThat(saysToHaveEnded()).isEmpty();
        own.saidElsewhere(new SessionStatement("s", "ann", 2, Status.CONNECTED, 0, true, List.of(), ""));
        now += PATIENCE;
        assertThat(saysToHaveEnded()).isEmpty();
    }

    @Test
    void whatNobodyClaimsIsOver() {
        inheritUnclaimed();
        now += CLAIMS + 1;
        assertThat(saysToHaveEnded()).containsExactly(new EndedSession("s", 1));
    }

    private final class SetTime implements Time {
        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nothing here waits");
        }
    }
}
