package dev.realtime.internal.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a heartbeat does to a connection that is still being opened, which the behaviour tests, of one thread, do not meet. */
class EngineSocketTest {
    private static final long LONG_AFTER = Duration.ofHours(1).toNanos();

    private final List<String> sent = new ArrayList<>();
    private final Time time = new Still();
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
            "sid",
            OpeningRequest.of(Transport.WEBSOCKET, "/socket.io/", Map.of(), Map.of(), "10.0.0.1", false),
            opened -> new Deaf(),
            ended -> {});

    @Test
    void beforeTheFirstPacketThereIsNoPingAndNoEnd() {
        socket.transport().openWebSocket(new Wire());
        socket.beat(LONG_AFTER);
        socket.beat(2 * LONG_AFTER);
        assertThat(socket.isClosed()).isFalse();
        socket.greet(new OpenPackets(Heartbeat.DEFAULT, 1_000).of("sid", false));
        socket.flush();
        assertThat(sent).singleElement().asString().startsWith("0{");
        socket.beat(3 * LONG_AFTER);
        assertThat(sent).last().isEqualTo("2");
        assertThat(socket.isClosed()).isFalse();
        socket.beat(4 * LONG_AFTER);
        assertThat(socket.isClosed()).as("a ping that was not answered").isTrue();
    }

    private static final class Still implements Time {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return () -> {};
        }
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

    private static final class Deaf implements EngineListener {
        @Override
        public void text(String raw, int from) {}

        @Override
        public void binary(byte[] message) {}

        @Override
        public void readComplete() {}

        @Override
        public int maxMessage() {
            return 1_000;
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void pinging() {}

        @Override
        public void beating() {}

        @Override
        public void ponged() {}

        @Override
        public void lostReliable() {}

        @Override
        public void closed(DisconnectReason reason) {}
    }
}
