package dev.realtime.benchmarks.micro;

import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
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

/** So many messages into an outbox, then one flush: to a transport that takes all at once, or for a client that has taken nothing for long. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class OutboxBenchmark {
    private static final OutboundMessage MESSAGE = OutboundMessage.reliable(List.of(Frame.text(new byte[100])));

    private static final OutboundMessage LATEST =
            OutboundMessage.volatileMessage(List.of(Frame.text(new byte[100])), "key");

    @Param({"1", "8"})
    int messages;

    private final Outbox outbox = new Outbox(OutboxLimits.DEFAULT, new OutboundBudget(1 << 30), new Owner());

    private final Outbox behind = new Outbox(OutboxLimits.DEFAULT, new OutboundBudget(1 << 30), new Owner());

    @Setup
    public void connect() {
        outbox.attach((batch, listener) -> true);
        behind.attach((batch, listener) -> false);
        behind.offer(MESSAGE);
        behind.flush();
    }

    @Benchmark
    public void replaceForOneThatIsBehind() {
        for (int i = 0; i < messages; i++) {
            behind.offer(LATEST);
        }
        behind.flush();
    }

    @Benchmark
    public void offerAndFlush() {
        for (int i = 0; i < messages; i++) {
            outbox.offer(MESSAGE);
        }
        outbox.flush();
    }

    private static final class Owner implements Outbox.Owner {
        @Override
        public void overflowed() {
            throw new IllegalStateException("the outbox is emptied in time");
        }

        @Override
        public void crowdedOut() {
            throw new IllegalStateException("the node has room");
        }

        @Override
        public void writeFailed(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void broke(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void dropped(OutboundMessage message) {
            throw new IllegalStateException("the outbox is emptied in time");
        }

        @Override
        public InboundBudget.Share account() {
            return new InboundBudget(1 << 30, 1 << 20, () -> {}).share(InboundBudget.Use.UNREAD, "10.0.0.1");
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
