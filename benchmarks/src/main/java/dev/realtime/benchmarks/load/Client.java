package dev.realtime.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One client of the generator and its connection: what it must remember between reads, and what scenarios count on it. */
public final class Client {
    enum State {
        CONNECTING,
        UPGRADING,
        JOINING,
        JOINED,
        LEAVING,
        GONE
    }

    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    State state = State.CONNECTING;

    /** When it began to connect, in nanoseconds. */
    long openedAt;

    /** What it tells the next server to have its session again; null while there is nothing to tell. */
    byte @Nullable [] credentials;

    /** The start of a frame whose end has not arrived yet. */
    private byte @Nullable [] residue;

    private @Nullable ByteBuffer unsent;

    final int index;

    /** The namespace that it connects to. */
    final String namespace;

    /** Bytes that name the namespace in each of its packets, the comma included. */
    final int namespacePrefix;

    /** Messages received so far. */
    long received;

    /** Sum of their numbers: together with the count it tells "one lost and another repeated" from "all arrived". */
    long receivedIds;

    Client(int index, String namespace) {
        this.index = index;
        this.namespace = namespace;
        namespacePrefix = EventTemplate.prefix(namespace).length();
    }

    /** It has a connection of its own, its first or the next. */
    void opened(SocketChannel connection, SelectionKey registered, long now) {
        channel = connection;
        key = registered;
        state = State.CONNECTING;
        openedAt = now;
        residue = null;
        unsent = null;
    }

    SocketChannel channel() {
        return Objects.requireNonNull(channel, "not opened yet");
    }

    SelectionKey key() {
        return Objects.requireNonNull(key, "not opened yet");
    }

    /** The CONNECT packet with which it comes back, or the one of somebody new. */
    byte[] credentials(byte[] fresh) {
        byte[] known = credentials;
        return known == null ? fresh : known;
    }

    /** Reads what the socket has, after what was left of the last read; false at the end of the stream. */
    boolean read(ByteBuffer in) throws IOException {
        in.clear();
        if (residue != null) {
            in.put(residue);
            residue = null;
        }
        int count = channel().read(in);
        in.flip();
        return count >= 0;
    }

    void keep(ByteBuffer in, int from) {
        byte[] rest = new byte[in.limit() - from];
        in.get(from, rest);
        residue = rest;
    }

    /** Writes all of {@code out}; what the socket does not take goes when it is writable again. */
    void write(ByteBuffer out) throws IOException {
        if (unsent == null) {
            channel().write(out);
            if (!out.hasRemaining()) {
                return;
            }
        }
        int waiting = unsent == null ? 0 : unsent.remaining();
        ByteBuffer all = ByteBuffer.allocate(waiting + out.remaining());
        if (unsent != null) {
            all.put(unsent);
        }
        unsent = all.put(out).flip();
        key().interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    void writable() throws IOException {
        ByteBuffer rest = unsent;
        if (rest != null) {
            channel().write(rest);
            if (rest.hasRemaining()) {
                return;
            }
            unsent = null;
        }
        key().interestOps(SelectionKey.OP_READ);
    }
}
