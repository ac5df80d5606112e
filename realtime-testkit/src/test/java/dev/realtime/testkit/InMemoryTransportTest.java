package dev.realtime.testkit;

import dev.realtime.spi.Frame;
import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ConnectionContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The transport in memory keeps the promises that those with sockets have to keep. */
public class InMemoryTransportTest extends ConnectionContract {
    @Override
    protected Served serve(TransportDoors served) {
        VirtualTime time = VirtualTime.create();
        InMemoryTransport transport = new InMemoryTransport(served, time, new VirtualExecutor(time));
        return new Served() {
            @Override
            public Client connect() {
                return new MemoryEnd(
                        transport.open(TestRequest.of("GET", "/socket.io/").view()), time);
            }

            @Override
            public void await(String what, BooleanSupplier condition) {
                for (int second = 0; second < 10 && !condition.getAsBoolean(); second++) {
                    time.advance(Duration.ofSeconds(1));
                }
                if (!condition.getAsBoolean()) {
                    throw new AssertionError("in vain: " + what);
                }
            }

            @Override
            public void close() {
                time.settle();
            }
        };
    }

    private static final class MemoryEnd implements ConnectionContract.Client {
        private final InMemoryConnection connection;
        private final VirtualTime time;
        private int read;

        MemoryEnd(InMemoryConnection connection, VirtualTime time) {
            this.connection = connection;
            this.time = time;
        }

        @Override
        public void send(String message) {
            connection.send(message);
        }

        @Override
        public void send(byte[] message) {
            connection.send(message);
        }

        @Override
        public Object next() {
            time.settle();
            List<Frame> frames = connection.frames();
            if (read == frames.size()) {
                throw new AssertionError("nothing came");
            }
            Frame frame = frames.get(read++);
            return frame.isBinary() ? frame.bytes() : new String(frame.bytes(), StandardCharsets.UTF_8);
        }

        @Override
        public int closed() {
            time.settle();
            return connection.closeCode();
        }

        @Override
        public void close(int code) {
            connection.closeByClient(code, "");
        }

        @Override
        public void reset() {
            connection.reset();
        }

        @Override
        public void stall() {
            connection.stall();
        }
    }
}
