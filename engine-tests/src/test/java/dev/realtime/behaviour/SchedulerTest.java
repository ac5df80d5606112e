package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.realtime.Realtime;
import dev.realtime.Scheduler;
import dev.realtime.Session;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The engine's clock and timer in the hands of a game. */
class SchedulerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<Duration> ran = new ArrayList<>();
    private Instant start = Instant.EPOCH;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(
            () -> Game.open().namespaces(Pattern.compile("/match/.*"), match -> match.allowAnonymous()));

    private Scheduler scheduler() {
        start = realtime.time().now();
        return realtime.realtime().scheduler();
    }

    private void note() {
        ran.add(Duration.between(start, realtime.realtime().clock().instant()));
    }

    @Test
    void aTaskRunsOnceAtItsTime() {
        scheduler().after(Duration.ofSeconds(30), this::note);
        realtime.advance(Duration.ofSeconds(29));
        assertThat(ran).isEmpty();
        realtime.advance(Duration.ofMinutes(1));
        assertThat(ran).containsExactly(Duration.ofSeconds(30));
    }

    @Test
    void aTaskRepeatsUntilItIsCancelled() {
        Scheduler.Scheduled tick = scheduler().every(SECOND, this::note);
        realtime.advance(Duration.ofMillis(3_500));
        tick.cancel();
        realtime.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly(SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(3));
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        Scheduler.Scheduled turn = scheduler().after(SECOND, this::note);
        turn.cancel();
        turn.cancel();
        realtime.advance(Duration.ofMinutes(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void aTaskMayCancelItself() {
        List<Scheduler.Scheduled> own = new ArrayList<>();
        own.add(scheduler().every(SECOND, () -> {
            note();
            own.get(0).cancel();
        }));
        realtime.advance(Duration.ofMinutes(1));
        assertThat(ran).hasSize(1);
    }

    @Test
    void aTaskThatFailsGoesOn() {
        scheduler().every(SECOND, () -> {
            note();
            throw new IllegalStateException("a mistake of the game");
        });
        realtime.advance(Duration.ofSeconds(2));
        assertThat(ran).hasSize(2);
    }

    @Test
    void whatIsNoTimeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler().after(Duration.ofSeconds(-1), this::note))
                .withMessageContaining("PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scheduler().every(Duration.ZERO, this::note))
                .withMessageContaining("1 ms");
    }

    @Test
    void aClosedEngineRunsNothing() {
        Scheduler scheduler = scheduler();
        Realtime closing = realtime.realtime();
        scheduler.after(Duration.ofMinutes(5), this::note);
        var drained = closing.drain(SECOND);
        realtime.advance(Duration.ofSeconds(5));
        realtime.await(drained);
        closing.close();
        realtime.advance(Duration.ofMinutes(10));
        assertThat(ran).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> scheduler.after(SECOND, this::note));
    }

    @Test
    void theClockIsTheEngines() {
        Realtime engine = realtime.realtime();
        assertThat(engine.clock().instant()).isEqualTo(realtime.time().now());
        realtime.advance(Duration.ofDays(3));
        assertThat(engine.clock().instant()).isEqualTo(realtime.time().now());
        assertThat(engine.clock().withZone(ZoneId.of("Asia/Tokyo")).getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    }

    @Test
    void aSessionLeadsToItsEngine() {
        Session ann = Game.session(realtime, realtime.connect("/", "ann"));
        assertThat(ann.namespace().realtime()).isSameAs(realtime.realtime());
        assertThat(realtime.namespace("/match/1").realtime()).isSameAs(realtime.realtime());
    }
}
