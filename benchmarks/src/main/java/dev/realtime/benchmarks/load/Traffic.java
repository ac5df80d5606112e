package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a scenario does with the packets that arrive. The packet lies in {@code in} from {@code at} for {@code length}
 * bytes and is gone when the call returns; read it with absolute gets.
 */
public interface Traffic {
    /** Nothing is expected: what arrives is an error of the server. */
    Traffic NONE = new Traffic() {
        @Override
        public void event(Client client, ByteBuffer in, int at, int length, long now) {
            throw new LoadException("an event arrived that nobody caused");
        }

        @Override
        public void ack(Client client, ByteBuffer in, int at, int length, long now) {
            throw new LoadException("an ack arrived that nobody asked for");
        }
    };

    /** A packet that starts with {@code 42}; {@code now} is {@link System#nanoTime} when its bytes were read. */
    void event(Client client, ByteBuffer in, int at, int length, long now);

    /** A packet that starts with {@code 43}. */
    void ack(Client client, ByteBuffer in, int at, int length, long now);

    /** The client has been let in; the packet that says so starts with {@code 40}. */
    default void joined(Client client, ByteBuffer in, int at, int length, long now) {}

    /** The client's connection has ended although it has not left. */
    default void lost(Client client, LoadException how) {
        throw how;
    }

    /** All packets of one read of this client were handed over. */
    default void readEnded(Client client) throws IOException {}
}
