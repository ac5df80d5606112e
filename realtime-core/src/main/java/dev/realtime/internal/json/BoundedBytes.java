package dev.realtime.internal.json;

import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.OutputStream;

/** Collects bytes up to a bound, so that what has no end is not written to its end. Not thread-safe. */
final class BoundedBytes extends OutputStream {
    private final ByteArrayBuilder bytes = new ByteArrayBuilder();
    private final int maxBytes;
    private int count;

    BoundedBytes(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void write(int b) throws IOException {
        makeRoom(1);
        bytes.append(b);
    }

    @Override
    public void write(byte[] part, int offset, int length) throws IOException {
        makeRoom(length);
        bytes.write(part, offset, length);
    }

    private void makeRoom(int length) throws IOException {
        if (length > maxBytes - count) {
            throw new TooLargeException(maxBytes);
        }
        count += length;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        bytes.close();
    }
}
