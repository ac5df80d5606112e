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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a heartbeat does to a connection that is still being opened, which the behaviour tests, of one thread, do not meet. */
class EngineSocketTest {
    private static final long LONG_AFTER = Duration.ofHours(1).toNanos();

    private final List<String> sent = new ArrayList<>();
    private final Time time = new StillTime();
    private final EngineSocket socket = new EngineSocket(
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
            "sid",
            OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", Map.of(), Map.of(), "10.0.0.1", false),
            opened -> new DeafListener(),
            ended -> {});

    @Test
    void beforeTheFirstPacketThereIsNoPingAndNoEnd() {
        socket.transport().openWebSocket(new Wire());
        assertThat(socket.beat(LONG_AFTER)).isPositive();
        assertThat(socket.beat(2 * LONG_AFTER)).isPositive();
        socket.letGoIfDue(2 * LONG_AFTER);
        assertThat(socket.isClosed()).isFalse();
        socket.greet(new OpenPackets(Heartbeat.DEFAULT, 1_000).of("sid", false));
        socket.flush();
        assertThat(sent).singleElement().asString().startsWith("0{");
        socket.beat(3 * LONG_AFTER);
        assertThat(sent).last().isEqualTo("2");
        socket.letGoIfDue(3 * LONG_AFTER);
        assertThat(socket.isClosed()).isFalse();
        assertThat(socket.beat(4 * LONG_AFTER)).isNegative();
        socket.letGoIfDue(4 * LONG_AFTER);
        assertThat(socket.isClosed()).as("a ping that was not answered").isTrue();
    }

    private final class Wire implements Connection {
        @Override
        public boolean write(List<Frame> batch, WriteListener listener) {
            batch.forEach(frame -> sent.add(new String(frame.bytes(), StandardCharsets.UTF_8)));
            return true;
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
}
