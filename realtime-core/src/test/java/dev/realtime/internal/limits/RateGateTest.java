package dev.realtime.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.limits.RateLimit;
import dev.realtime.spi.Time;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a node remembers of rates: by scope, user and rule, within a bound, and for no longer than it counts. */
class RateGateTest {
    private static final long MUCH = 1 << 30;
    private static final long LITTLE = 1 << 16;
    private static final RateLimit CHAT = RateLimit.perMinute(20).perHour(500).burst(5);
    private static final int[] FIRST = {0};
    private static final int[] SECOND = {1};
    private static final int[] BOTH = {0, 1};

    private final Clock clock = new Clock();
    private int forgotten;

    private RateGate gate(long maxBytes) {
        return new RateGate(clock, Runnable::run, maxBytes, () -> forgotten++);
    }

    private static RateScope scope(RateGate gate, RateLimit... limits) {
        return gate.scope(List.of(limits).stream().map(RateRule::of).toList());
    }

    private static int admitted(RateScope scope, String user, int[] rules, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += scope.admits(user, rules) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void usersRulesAndScopesDoNotPayForEachOther() {
        RateGate gate = gate(MUCH);
        RateScope chat = scope(gate, CHAT, RateLimit.perMinute(3));
        RateScope game = scope(gate, RateLimit.perMinute(7));
        assertThat(admitted(chat, "ann", FIRST, 50)).isEqualTo(5);
        assertThat(admitted(chat, "ann", SECOND, 50)).isEqualTo(3);
        assertThat(admitted(game, "ann", FIRST, 50)).isEqualTo(7);
        assertThat(admitted(chat, "bob", FIRST, 50)).isEqualTo(5);
        assertThat(gate.size()).isEqualTo(3);
    }

    @Property(tries = 200)
    void anEventHasToFindRoomUnderEachOfItsRulesAndARefusalCostsNothing(@ForAll long seed) {
        Random random = new Random(seed);
        RateLimit[] limits = {
            RateLimit.perSecond(1 + random.nextInt(5)).perMinute(1 + random.nextInt(30)),
            RateLimit.per(Duration.ofSeconds(10), 10, 1 + random.nextInt(10)),
            RateLimit.perMinute(20).burst(3).cooldown(Duration.ofSeconds(7))
        };
        int[][] events = {{0}, {1}, {2}, {0, 2}, {1, 2}, {2, 1, 0}};
        UserBudgets budgets = scope(gate(MUCH), limits).of("ann");
        List<AdmittedEvents> admitted =
                List.of(limits).stream().map(AdmittedEvents::new).toList();
        for (int step = 0; step < 300; step++) {
            int[] rules = events[random.nextInt(events.length)];
            long expected = 0;
            for (int rule : rules) {
                expected = Math.max(expected, admitted.get(rule).delay(clock.nanoTime()));
            }
            assertThat(budgets.admit(rules)).isEqualTo(expected);
            if (expected == 0) {
                for (int rule : rules) {
                    admitted.get(rule).add(clock.nanoTime());
                }
            }
            clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 600)));
        }
    }

    @Test
    void whatHasPassedIsSweptAwayAndNobodyNoticesIt() {
        RateGate gate = gate(MUCH);
        RateScope scope = scope(gate, RateLimit.perMinute(3), RateLimit.perHour(3));
        UserBudgets ann = scope.of("ann");
        assertThat(ann.admit(FIRST)).isZero();
        assertThat(scope.admits("bob", 1)).isTrue();
        long both = gate.bytes();
        clock.advance(Duration.ofSeconds(95));
        assertThat(gate.size()).isEqualTo(1);
        assertThat(gate.bytes()).isPositive().isLessThan(both);
        assertThat(ann.admit(FIRST)).isEqualTo(UserBudgets.GONE);
        assertThat(admitted(scope, "ann", FIRST, 5)).isEqualTo(3);
        assertThat(admitted(scope, "bob", SECOND, 5)).isEqualTo(2);
        clock.advance(Duration.ofHours(2));
        assertThat(gate.size()).isZero();
        assertThat(gate.bytes()).isZero();
        assertThat(clock.waiting)
                .as("nothing is swept while nothing is remembered")
                .isEmpty();
        assertThat(forgotten).isZero();
    }

    @Test
    void aUserWhoSendsALittleKeepsOnlyWhatCounts() {
        RateGate gate = gate(MUCH);
        RateScope scope = scope(gate, RateLimit.perMinute(100), RateLimit.perHour(1_000));
        assertThat(admitted(scope, "ann", FIRST, 100)).isEqualTo(100);
        assertThat(scope.admits("ann", 1)).isTrue();
        long much = gate.bytes();
        clock.advance(Duration.ofMinutes(2));
        assertThat(much - gate.bytes()).isGreaterThan(400);
        assertThat(gate.size()).isEqualTo(1);
    }

    @Test
    void howMuchIsRememberedIsBoundedAndWhoKeepsTryingIsNotForgotten() {
        RateGate gate = gate(LITTLE);
        RateScope scope = scope(gate, CHAT);
        assertThat(admitted(scope, "eve", FIRST, 50)).isEqualTo(5);
        for (int i = 0; i < 20_000; i++) {
            assertThat(scope.admits("passer-by " + i, 0)).isTrue();
            assertThat(gate.bytes()).isLessThan(LITTLE + 1_000);
            assertThat(scope.admits("eve", 0)).as("at the passer-by %s", i).isFalse();
        }
        assertThat(gate.size()).isBetween(100, 300);
        assertThat(forgotten).isEqualTo(20_001 - gate.size());
        clock.advance(Duration.ofHours(2));
        assertThat(gate.bytes()).isZero();
    }

    @Test
    void whoeverHasBeenForgottenBeginsAnew() {
        RateGate gate = gate(LITTLE);
        RateScope scope = scope(gate, CHAT);
        UserBudgets ann = scope.of("ann");
        while (ann.admit(FIRST) == 0) {}
        for (int i = 0; i < 1_000; i++) {
            assertThat(scope.admits("passer-by " + i, 0)).isTrue();
        }
        assertThat(ann.admit(FIRST)).isEqualTo(UserBudgets.GONE);
        assertThat(admitted(scope, "ann", FIRST, 50)).isEqualTo(5);
    }

    @Test
    void nobodyIsForgottenForTheSakeOfWhatHasPassed() {
        RateGate gate = gate(LITTLE);
        RateScope scope = scope(gate, CHAT);
        RateScope addresses = gate.scope(Pace.within(500, Duration.ofSeconds(1), 250));
        assertThat(admitted(scope, "ann", FIRST, 50)).isEqualTo(5);
        for (int i = 0; i < 10_000; i++) {
            assertThat(addresses.admits("198.51." + i, 0)).isTrue();
            clock.advance(Duration.ofMillis(10));
        }
        assertThat(forgotten).isZero();
        assertThat(gate.size()).isLessThan(300);
    }

    @Test
    void aUserWhoAloneNeedsMoreThanThereIsIsForgottenAgainAndAgain() {
        RateGate gate = gate(LITTLE);
        RateScope scope = scope(gate, RateLimit.perHour(1_000_000));
        assertThat(admitted(scope, "eve", FIRST, 100_000)).isEqualTo(100_000);
        assertThat(gate.bytes()).isLessThan(LITTLE);
        assertThat(forgotten).isPositive();
    }

    @Test
    void whoIsCountedBeyondALimitOwesUntilItHasBeenMadeUpFor() {
        RateScope scope = gate(MUCH).scope(Pace.within(60, Duration.ofMinutes(1), 12));
        for (int i = 0; i < 12; i++) {
            scope.charge("ann", 0);
        }
        assertThat(scope.isOwed("ann", 0)).isFalse();
        scope.charge("ann", 0);
        assertThat(scope.isOwed("ann", 0)).isTrue();
        assertThat(scope.isOwed("bob", 0)).isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(scope.isOwed("ann", 0)).isFalse();
    }

    @Test
    void sessionsOfOneUserOnManyThreadsAreAdmittedTheCountTogether() {
        RateScope scope = scope(gate(MUCH), RateLimit.perHour(1_000));
        AtomicInteger admitted = new AtomicInteger();
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            running.add(CompletableFuture.runAsync(() -> admitted.addAndGet(admitted(scope, "ann", FIRST, 1_000))));
        }
        running.forEach(CompletableFuture::join);
        assertThat(admitted).hasValue(1_000);
    }

    @Test
    void anEventThatIsAdmittedOrRefusedAllocatesNothing() {
        RateScope scope = scope(gate(MUCH), CHAT, RateLimit.perMinute(100).burst(20));
        UserBudgets ann = scope.of("ann");
        for (int i = 0; i < 20_000; i++) {
            clock.advance(Duration.ofSeconds(4));
            ann.admit(BOTH);
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long nothing = threads.getCurrentThreadAllocatedBytes() - before;
        before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            clock.now += i % 2 == 0 ? 8_000_000_000L : 0;
            ann.admit(BOTH);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isEqualTo(nothing);
    }

    /** Stands still until it is advanced. */
    private static final class Clock implements Time {
        private final List<Task> waiting = new ArrayList<>();
        private long now = -7;

        private record Task(long due, Runnable run) {}

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            waiting.add(new Task(now + delay.toNanos(), task));
            return () -> {};
        }

        void advance(Duration by) {
            long end = now + by.toNanos();
            while (true) {
                Task next = waiting.isEmpty() ? null : waiting.get(0);
                if (next == null || next.due > end) {
                    break;
                }
                now = next.due;
                waiting.remove(next);
                next.run.run();
            }
            now = end;
        }
    }
}
