package dev.realtime.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RateLimit.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A budget says what a plain list of all admitted events says, whatever the rule, and whenever events come. */
class RateBudgetPropertiesTest {
    private static final Duration[] PERIODS = {
        Duration.ofNanos(7),
        Duration.ofMillis(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofHours(1),
        Duration.ofDays(7)
    };

    @Property(tries = 1_000)
    void noWindowIsExceededAndTheTimeToWaitIsExact(@ForAll long seed, @ForAll boolean roundTimes) {
        Random random = new Random(seed);
        RateLimit limit = limit(random);
        RateRule rule = RateRule.of(limit);
        RateBudget budget = new RateBudget(rule);
        AdmittedEvents admitted = new AdmittedEvents(limit);
        long grid = roundTimes ? rule.unit() : 1;
        long now = random.nextInt(1_000) * grid;
        for (int step = 0; step < 400; step++) {
            long wait = budget.delay(now);
            long exact = admitted.delay(now);
            assertThat(wait).as(limit::toString).isBetween(exact, exact + (roundTimes ? 0 : rule.unit() - 1));
            if (wait > 0) {
                assertThat(budget.delay(now + wait - 1)).isEqualTo(1);
                assertThat(budget.delay(now + wait)).isZero();
                assertThat(budget.delay(now)).as("asked again").isEqualTo(wait);
            } else {
                budget.count(now);
                admitted.add(now);
            }
            now += pause(random, limit, wait, grid);
        }
        for (Window window : limit.windows()) {
            assertThat(admitted.most(window.period())).isLessThanOrEqualTo(window.count());
        }
        limit.cooldown().ifPresent(time -> assertThat(admitted.most(time)).isLessThanOrEqualTo(limit.burst()));
        assertThat(budget.bytes()).isLessThan(200 + 8 * longest(limit).count());
    }

    @Property(tries = 300)
    void whatIsTakenBackDoesNotCountAndWhatIsTooMuchDoes(@ForAll long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(20);
        long period = 1_000_000_000L;
        RateBudget budget = new RateBudget(RateRule.of(RateLimit.per(Duration.ofNanos(period), count)));
        List<Long> counted = new ArrayList<>();
        long now = 1_000;
        for (int step = 0; step < 400; step++) {
            now += random.nextInt(3) * 10_000_000L;
            if (!counted.isEmpty() && random.nextInt(3) == 0) {
                long moment = counted.remove(counted.size() - 1 - random.nextInt(Math.min(counted.size(), count)));
                budget.takeBack(moment, now);
            } else if (counted.size() < count || random.nextBoolean()) {
                budget.count(now);
                counted.add(now);
            }
            while (counted.size() > count) { // no more of them are remembered
                counted.remove(0);
            }
            long before = now - period;
            counted.removeIf(moment -> moment <= before);
            long wait = counted.size() < count ? 0 : counted.get(counted.size() - count) + period - now;
            assertThat(budget.delay(now)).isEqualTo(wait);
        }
    }

    /** At once, when it is allowed, a little later, or so late that nothing counts any more, and the kept times have gone round. */
    private static long pause(Random random, RateLimit limit, long wait, long grid) {
        Window window = limit.windows().get(random.nextInt(limit.windows().size()));
        long pace = window.period().toNanos() / window.count();
        long pause = switch (random.nextInt(12)) {
            case 0, 1, 2 -> 0;
            case 3, 4, 5 -> wait;
            case 6, 7 -> pace;
            case 8, 9 -> (long) (random.nextDouble() * 2 * pace);
            case 10 -> (long) (random.nextDouble() * window.period().toNanos());
            default ->
                random.nextInt(20) == 0 ? random.nextInt(20) * window.period().toNanos() : 1;
        };
        return pause / grid * grid;
    }

    @Property(tries = 300)
    void whoeverSendsSteadilyIsAdmittedAllOfIt(@ForAll long seed) {
        Random random = new Random(seed);
        RateLimit limit = limit(random);
        RateRule rule = RateRule.of(limit);
        RateBudget budget = new RateBudget(rule);
        Window slowest = Stream.concat(limit.windows().stream(), cooldown(limit))
                .max(Comparator.comparing(window -> window.period().toNanos() / (double) window.count()))
                .orElseThrow();
        long period = slowest.period().toNanos();
        long grid = rule.unit();
        for (long event = 0; event < 300; event++) {
            // a time is kept to the unit, so whoever is faster than that by less may be told to wait for it
            long now = grid == 1
                    ? event * period / slowest.count()
                    : event * (((period - 1) / slowest.count() + grid) / grid * grid);
            assertThat(budget.delay(now)).as("event %s of %s", event, limit).isZero();
            budget.count(now);
        }
    }

    @Property(tries = 300)
    void nothingIsRememberedOnceEverythingHasPassed(@ForAll long seed) {
        Random random = new Random(seed);
        RateLimit limit = limit(random);
        RateBudget budget = new RateBudget(RateRule.of(limit));
        long now = random.nextInt(1_000_000);
        for (int event = 0; event < 50; event++) {
            now += budget.delay(now) + random.nextInt(1_000);
            budget.count(now);
            assertThat(budget.hasPassed(now)).isFalse();
        }
        long passed =
                now + longest(limit).period().toNanos() + RateRule.of(limit).unit();
        if (limit.cooldown().isPresent()) {
            passed = Math.max(
                    passed,
                    now + limit.cooldown().get().toNanos() + RateRule.of(limit).unit());
        }
        assertThat(budget.hasPassed(passed)).isTrue();
        assertThat(budget.delay(passed)).isZero();
    }

    private static Stream<Window> cooldown(RateLimit limit) {
        return limit.cooldown().stream().flatMap(time -> RateLimit.per(time, limit.burst()).windows().stream());
    }

    private static Window longest(RateLimit limit) {
        return limit.windows().stream()
                .max((one, other) -> one.period().compareTo(other.period()))
                .orElseThrow();
    }

    private static RateLimit limit(Random random) {
        RateLimit.Rule limit = null;
        for (int window = 0; window <= random.nextInt(3); window++) {
            Duration period = PERIODS[random.nextInt(PERIODS.length)];
            int count = 1 + random.nextInt(random.nextBoolean() ? 5 : 60);
            int burst = random.nextBoolean() ? count : 1 + random.nextInt(count);
            limit = limit == null ? RateLimit.per(period, count, burst) : limit.per(period, count, burst);
        }
        return random.nextInt(4) == 0 ? limit.cooldown(PERIODS[random.nextInt(PERIODS.length)]) : limit;
    }
}
