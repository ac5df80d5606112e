package dev.realtime.internal.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.RateGate;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.limits.RefusalReports;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundBudget;
import dev.realtime.internal.system.Workers;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Connection;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.Time;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.OpeningRequest;
import dev.realtime.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who closes all sockets in the middle of the opening of one, which the behaviour tests, of one thread, do not meet. */
class OpenSocketsTest {
    private final Time time = new StillTime();
    private final RateGate rates = new RateGate(time, Runnable::run, 1 << 20, () -> {});
    private final ConnectionGate gate = new ConnectionGate(
            Limits.DEFAULT,
            time,
            rates,
            new RefusalReporter(
                    new RefusalReports(
                            time, rates, List.of(), Runnable::run, new BoundedLog(System::nanoTime), () -> {}),
                    List.of()));
    private final OpeningRequest request =
            OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", Map.of(), Map.of(), "10.0.0.1", false);
    private final List<Integer> closes = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private final OpenSockets sockets = new OpenSockets(
            new NodeRuntime(
                    "node",
                    time,
                    Workers.given(Runnable::run, Runnable::run),
                    new Counters(),
                    new BoundedLog(System::nanoTime)),
            Heartbeat.DEFAULT,
            OutboxLimits.DEFAULT,
            new InboundBudget(1_000_000, 1, () -> {}),
            new OutboundBudget(1 << 30),
            gate,
            opened -> {
                meanwhile.run();
                return new DeafListener();
            });

    @Test
    void beforeItIsSeen() {
        meanwhile = sockets::closeAll;
        assertThat(sockets.enter(request)).isTrue();
        assertThat(sockets.open("sid", request, opened -> opened.transport().openWebSocket(new Wire())))
                .isNull();
        isGone();
    }

    @Test
    void behindTheOpening() {
        assertThat(sockets.enter(request)).isTrue();
        EngineSocket socket =
                sockets.open("sid", request, opened -> opened.transport().openWebSocket(new Wire()));
        sockets.closeAll();
        assertThat(socket.isClosed()).isTrue();
        socket.greet(new OpenPackets(Heartbeat.DEFAULT, 1_000).of("sid", false));
        socket.flush();
        isGone();
    }

    private void isGone() {
        assertThat(closes).containsExactly(1001);
        assertThat(sockets.find("sid")).isNull();
        assertThat(gate.connections()).isZero();
        assertThat(sockets.whenEmpty().toCompletableFuture()).isDone();
    }

    private final class Wire implements Connection {
        @Override
        public boolean write(List<Frame> batch, WriteListener listener) {
            throw new AssertionError("nobody is greeted behind a goodbye");
        }

        @Override
        public void close(int code, String reason) {
            closes.add(code);
        }

        @Override
        public boolean pauseReading() {
            return true;
        }

        @Override
        public void resumeReading() {}

        @Override
        public void terminate() {}
    }
}
