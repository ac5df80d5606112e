package dev.realtime.internal.batches;

import dev.realtime.internal.outbox.Gathered;
import dev.realtime.internal.outbox.Gathering;
import dev.realtime.spi.Frame;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits for a client, to be sent together with its neighbours. All for whom it waits share it, and it remembers the batches that it was the last
 * event of: whoever had the same events before it gets the same bytes. Thread-safe.
 */
final class BatchedEvent implements Gathered {
    /** Batches that are remembered: clients in different rooms have different events before it. */
    private static final int REMEMBERED = 8;

    private final Batching batching;
    private final long number;
    private final byte[] type;
    private final byte[] data;
    private final @Nullable String offset;
    private final long millis;
    private volatile List<Made> made = List.of(); // two who make one at once make the same

    /**
     * Holds numbers and no events, and the bytes only as long as somebody else does: an event that waits for a slow client must not keep what came before it,
     * nor what others have long received.
     */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record Made(long[] numbers, WeakReference<List<Frame>> frames) {}

    /**
     * @param number no other event of the namespace has it
     * @param type its name, as JSON text
     * @param data what stands for it in a batch, as JSON text
     * @param offset null without recovery
     * @param millis when it came to this node, by the wall clock
     */
    BatchedEvent(Batching batching, long number, byte[] type, byte[] data, @Nullable String offset, long millis) {
        this.batching = batching;
        this.number = number;
        this.type = type;
        this.data = data;
        this.offset = offset;
        this.millis = millis;
    }

    @Override
    public Gathering gathering() {
        return batching;
    }

    @Override
    public int size() {
        return data.length + type.length;
    }

    long number() {
        return number;
    }

    byte[] type() {
        return type;
    }

    byte[] data() {
        return data;
    }

    @Nullable
    String offset() {
        return offset;
    }

    long millis() {
        return millis;
    }

    /** The batch of these events, which ends with this one; null if nobody has it. */
    @Nullable
    List<Frame> find(long[] numbers) {
        for (Made known : made) {
            if (Arrays.equals(known.numbers, numbers)) {
                return known.frames.get();
            }
        }
        return null;
    }

    void remember(long[] numbers, List<Frame> frames) {
        List<Made> before = made;
        Made[] after = new Made[Math.min(before.size() + 1, REMEMBERED)];
        after[0] = new Made(numbers, new WeakReference<>(frames));
        for (int i = 1; i < after.length; i++) {
            after[i] = before.get(i - 1);
        }
        made = List.of(after);
    }
}
