package dev.realtime.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.limits.EscalationGate.Verdict;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Violations are counted, forgiven and answered as a plain list of them says, whenever they come. */
class EscalationGateTest {
    private static final Escalation RULES = Escalation.DEFAULT;

    private final SetTime time = new SetTime();
    private final List<String> forgotten = new ArrayList<>();

    private EscalationGate gate(Escalation rules, long maxBytes) {
        return new EscalationGate(rules, new RateGate(time, Runnable::run, maxBytes, () -> forgotten.add("one")));
    }

    /** As the documents say it, step by step. */
    private static final class Model {
        private final Escalation rules;
        private final long interval;
        private int violations;
        private long nextForgiven;
        private long restrictedUntil;

        Model(Escalation rules) {
            this.rules = rules;
            this.interval = rules.forgiveAfter().toNanos();
        }

        private void forgive(long now) {
            while (violations > 0 && nextForgiven <= now) {
                violations--;
                nextForgiven += interval;
            }
        }

        boolean isRestricted(long now) {
            return restrictedUntil > now;
        }

        @Nullable
        Step add(long now) {
            forgive(now);
            if (violations == 0) {
                nextForgiven = now + interval;
            }
            violations++;
            if (violations > rules.disconnectAt()) {
                violations = rules.disconnectAt();
                nextForgiven = now + interval;
            }
            if (violations == rules.restrictAt()) {
                restrictedUntil = now + rules.restrictFor().toNanos();
                nextForgiven += rules.restrictFor().toNanos();
                return Step.RESTRICTED;
            }
            if (violations >= rules.disconnectAt()) {
                return Step.DISCONNECTED;
            }
            return violations >= rules.warnAt() ? Step.WARNED : null;
        }
    }

    @Property(tries = 500)
    void violationsAreCountedAndForgivenAsInAPlainModel(@ForAll long seed) {
        Random random = new Random(seed);
        int warn = 1 + random.nextInt(4);
        int restrict = warn + 1 + random.nextInt(4);
        Escalation rules = RULES.warnAt(warn)
                .restrictAt(restrict)
                .disconnectAt(restrict + 1 + random.nextInt(5))
                .restrictFor(Duration.ofMillis(10 + random.nextInt(3_000)))
                .forgiveAfter(Duration.ofMillis(10 + random.nextInt(2_000)));
        EscalationGate gate = gate(rules, 1 << 20);
        Model model = new Model(rules);
        time.add(random.nextInt(1_000));
        for (int i = 0; i < 300; i++) {
            long now = gate.now();
            assertThat(gate.restricted("eve") > 0).isEqualTo(model.isRestricted(now));
            Verdict verdict = gate.violated("eve");
            if (model.isRestricted(now)) {
                assertThat(verdict.step()).isNull();
                assertThat(verdict.restricted()).isEqualTo(model.restrictedUntil - now);
            } else {
                assertThat(verdict.step()).as("violation %s of %s", i, rules).isEqualTo(model.add(now));
                assertThat(verdict.violations()).isEqualTo(model.violations);
            }
            time.add(pause(random, rules, gate));
        }
    }

    private static long pause(Random random, Escalation rules, EscalationGate gate) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> random.nextInt(3);
            case 3 -> gate.restricted("eve");
            case 4 -> Math.max(0, gate.restricted("eve") - 1);
            case 5 -> rules.forgiveAfter().toNanos();
            case 6 -> (long) (random.nextDouble() * rules.forgiveAfter().toNanos());
            default -> (long) (random.nextDouble() * 3 * rules.restrictFor().toNanos());
        };
    }

    @Test
    void nothingIsRememberedOnceAllAreForgiven() {
        RateGate rates = new RateGate(time, Runnable::run, 1 << 20, () -> {});
        EscalationGate gate = new EscalationGate(RULES, rates);
        for (int i = 0; i < 6; i++) {
            gate.violated("eve");
        }
        gate.violated("bob");
        time.add(RULES.forgiveAfter().toNanos());
        time.runTimers();
        assertThat(rates.size()).as("bob has been forgiven, and eve not").isEqualTo(1);
        time.add(RULES.restrictFor().plus(RULES.forgiveAfter().multipliedBy(5)).toNanos() - 1);
        time.runTimers();
        assertThat(rates.size()).isEqualTo(1);
        time.add(1);
        time.runTimers();
        assertThat(rates.size()).isZero();
        assertThat(rates.bytes()).isZero();
    }

    @Test
    void aFloodOfClientsIsForgottenAndWhoIsRestrictedAndTriesIsNot() {
        EscalationGate gate = gate(RULES, 1 << 16);
        for (int i = 0; i < 6; i++) {
            gate.violated("eve");
        }
        for (int i = 0; i < 100_000; i++) {
            gate.violated("address " + i);
            if (i % 20 == 0) {
                assertThat(gate.restricted("eve")).isPositive();
            }
        }
        assertThat(gate.clients()).hasSizeLessThan(1_000);
        assertThat(forgotten).hasSizeGreaterThan(99_000);
    }

    /** Stands still until it is set. */
    private static final class SetTime implements Time {
        private long nanos;
        private final List<Runnable> timers = new ArrayList<>();

        void add(long value) {
            nanos += value;
        }

        void runTimers() {
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            timers.add(task);
            return () -> {};
        }
    }
}
