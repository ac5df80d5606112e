package dev.realtime.internal.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.system.Workers;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.Time;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thousands that are to go in the same moment go one after the other, and who shows a sign of life meanwhile stays. */
class HeartbeatTimerTest {
    private static final int CLIENTS = 3_000;

    private final Clock clock = new Clock();
    private boolean threadsAreOut;
    private final NodeRuntime runtime = new NodeRuntime(
            "node",
            clock,
            Workers.given(this::execute, Runnable::run),
            new Counters(),
            new BoundedLog(System::nanoTime));
    private final List<EngineSocket> sockets = new ArrayList<>();
    private final List<Wire> wires = new ArrayList<>();
    private final Heartbeat heartbeat =
            Heartbeat.DEFAULT.interval(Duration.ofSeconds(25)).timeout(Duration.ofSeconds(20));

    @BeforeEach
    void begin() {
        for (int i = 0; i < CLIENTS; i++) {
            Wire wire = new Wire();
            EngineSocket socket = new EngineSocket(
                    runtime,
                    heartbeat,
                    OutboxLimits.DEFAULT,
                    new InboundBudget(1_000_000, 1, () -> {}),
                    new OutboundBudget(1 << 30),
                    "sid " + i,
                    OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", Map.of(), Map.of(), "10.0.0.1", false),
                    opened -> new DeafListener(),
                    ended -> {});
            socket.transport().openWebSocket(wire);
            socket.greet(new OpenPackets(heartbeat, 1_000).of("sid " + i, false));
            sockets.add(socket);
            wires.add(wire);
        }
        new HeartbeatTimer(runtime, heartbeat, OutboxLimits.DEFAULT.stallTimeout(), sockets).start();
    }

    @Test
    void whoIsSilentGoesInTurn() {
        sockets.forEach(EngineSocket::flush);
        clock.pass(Duration.ofSeconds(44));
        assertThat(gone()).isZero();
        clock.pass(Duration.ofMillis(1_500));
        assertThat(gone()).isBetween(1L, 1_600L);
        EngineSocket late = sockets.stream()
                .filter(socket -> !socket.isClosed())
                .reduce((one, next) -> next)
                .orElseThrow();
        late.text("3");
        clock.pass(Duration.ofSeconds(4));
        assertThat(gone()).isEqualTo(CLIENTS - 1);
        assertThat(late.isClosed()).isFalse();
        clock.pass(Duration.ofSeconds(45));
        assertThat(late.isClosed()).as("in the end").isTrue();
    }

    @Test
    void whoTakesNothingGoesInTurn() {
        wires.forEach(wire -> wire.takes = false);
        sockets.forEach(EngineSocket::flush);
        clock.pass(OutboxLimits.DEFAULT.stallTimeout().plusMillis(1_500));
        assertThat(gone()).isBetween(1L, 1_600L);
        int last = CLIENTS - 1;
        while (sockets.get(last).isClosed()) {
            last--;
        }
        wires.get(last).takes();
        clock.pass(Duration.ofSeconds(4));
        assertThat(gone()).isEqualTo(CLIENTS - 1);
        assertThat(runtime.counters().value(Counters.Name.STALLED)).isEqualTo(CLIENTS - 1);
        assertThat(sockets.get(last).isClosed()).isFalse();
    }

    @Test
    void whoIsToGoDoesSoAlthoughThereWasNoThreadForAWhile() {
        wires.forEach(wire -> wire.takes = false);
        sockets.forEach(EngineSocket::flush);
        clock.pass(OutboxLimits.DEFAULT.stallTimeout().plusMillis(1_500));
        assertThat(gone()).isBetween(1L, 1_600L);
        threadsAreOut = true;
        clock.pass(Duration.ofMillis(500));
        threadsAreOut = false;
        clock.pass(Duration.ofSeconds(5));
        assertThat(gone()).isEqualTo(CLIENTS);
    }

    private void execute(Runnable task) {
        if (threadsAreOut) {
            throw new OutOfMemoryError("planned: unable to create a thread");
        }
        task.run();
    }

    private long gone() {
        return sockets.stream().filter(EngineSocket::isClosed).count();
    }

    private static final class Wire implements Connection {
        private boolean takes = true;
        private Runnable written = () -> {};

        void takes() {
            takes = true;
            written.run();
        }

        @Override
        public boolean write(List<Frame> batch, WriteListener listener) {
            written = listener::written;
            return takes;
        }

        @Override
        public void close(int code, String reason) {}

        @Override
        public boolean pauseReading() {
            return true;
        }

        @Override
        public void resumeReading() {}

        @Override
        public void terminate() {}
    }

    /** Time that passes when it is told to. */
    private static final class Clock implements Time {
        private record Due(long at, Runnable task) {}

        private final PriorityQueue<Due> timers = new PriorityQueue<>(Comparator.comparingLong(Due::at));
        private long now;

        void pass(Duration time) {
            long end = now + time.toNanos();
            while (!timers.isEmpty() && timers.peek().at <= end) {
                Due next = timers.remove();
                now = next.at;
                try {
                    next.task.run();
                } catch (OutOfMemoryError e) {
                    assertThat(e).hasMessageStartingWith("planned"); // a timer's thread goes on
                }
            }
            now = end;
        }

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
            timers.add(new Due(now + delay.toNanos(), task));
            return () -> {};
        }
    }
}
