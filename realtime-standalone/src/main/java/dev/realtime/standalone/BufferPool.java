package dev.realtime.standalone;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Direct buffers for socket writes. A pool rather than a thread-local: virtual threads come and go by the thousand. */
final class BufferPool {
    static final int SIZE = 64 * 1_024;
    private static final int KEPT = 32;

    private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer != null ? buffer.clear() : ByteBuffer.allocateDirect(SIZE);
    }

    void give(ByteBuffer buffer) {
        free.offer(buffer);
    }
}
