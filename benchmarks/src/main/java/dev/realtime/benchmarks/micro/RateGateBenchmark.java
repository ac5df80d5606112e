package dev.realtime.benchmarks.micro;

import dev.realtime.Event;
import dev.realtime.internal.limits.EscalationGate;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.UserBudgets;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event of a user who keeps to the rate, under the rules of its name: the real clock is read, and then it is as much later as the next event is
 * due. And one of a user who does not, and is refused.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RateGateBenchmark {

    /** What the event is limited by. */
    public enum Rule {
        WINDOW,
        BURST,
        CHAT,
        SHARED;

        private List<RateLimit> limits() {
            RateLimit.Rule minute = RateLimit.perMinute(20);
            return switch (this) {
                case WINDOW -> List.of(minute);
                case BURST -> List.of(minute.burst(5));
                case CHAT -> List.of(minute.perHour(500).burst(5));
                case SHARED ->
                    List.of(
                            minute.perHour(500).burst(5),
                            RateLimit.perMinute(100).burst(20).category("messages"));
            };
        }
    }

    private static final String EVENT = "chat:say";

    @Param({"WINDOW", "BURST", "CHAT", "SHARED"})
    Rule rule = Rule.WINDOW;

    private final Clock clock = new Clock();
    private EventRates rates = rates(clock, rule);
    private UserBudgets steady = rates.budgets("user ann");
    private UserBudgets impatient = rates.budgets("user eve");

    private EscalationGate escalation = escalation(clock);

    private static EscalationGate escalation(Time time) {
        EscalationGate gate =
                new EscalationGate(Escalation.DEFAULT, new RateGate(time, Runnable::run, 1 << 30, () -> {}));
        for (int i = 0; i < 1_000; i++) {
            gate.violated("user " + i);
        }
        return gate;
    }

    @Setup
    public void fill() {
        escalation = escalation(clock);
        rates = rates(clock, rule);
        steady = rates.budgets("user ann");
        impatient = rates.budgets("user eve");
    }

    private static EventRates rates(Time time, Rule rule) {
        Event<Void> event = Event.of(EVENT);
        for (RateLimit limit : rule.limits()) {
            event = event.limit(limit);
        }
        RateGate gate = new RateGate(time, Runnable::run, 1 << 30, () -> {});
        return new EventRates(gate, Limits.DEFAULT, null, List.of(event.contract()));
    }

    @Benchmark
    public long admitted() {
        clock.later += 7_201_000_000L; // a little slower than 500 an hour
        long wait = steady.admit(rates.of(EVENT));
        if (wait != 0) {
            throw new IllegalStateException("refused for " + wait + " ns");
        }
        return wait;
    }

    /** The same with an escalation, on a node where others have violated their limits. */
    @Benchmark
    public long admittedWithEscalation() {
        clock.later += 7_201_000_000L;
        long wait = escalation.restricted("user ann") + steady.admit(rates.of(EVENT));
        if (wait != 0) {
            throw new IllegalStateException("refused for " + wait + " ns");
        }
        return wait;
    }

    @Benchmark
    public long refused() {
        long wait = impatient.admit(rates.of(EVENT));
        while (wait == 0) { // it is the first
            wait = impatient.admit(rates.of(EVENT));
        }
        return wait;
    }

    /** Reads the real clock, and says what the benchmark wants. */
    private static final class Clock implements Time {
        private long later;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return later + (System.nanoTime() & 1);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }
}
