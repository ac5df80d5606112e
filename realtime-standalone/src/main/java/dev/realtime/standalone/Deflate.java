package dev.realtime.standalone;

import dev.realtime.spi.Frame;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * permessage-deflate (RFC 7692) without context takeover in either direction: no connection owns zlib state, a few shared compressors
 * serve all, and one compressed message serves every recipient.
 */
final class Deflate implements AutoCloseable {
    private static final String NAME = "permessage-deflate";
    private static final Set<String> WINDOW_BITS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");

    /** The answer to an offer that is accepted. */
    static final String ACCEPTED = NAME + "; server_no_context_takeover; client_no_context_takeover";

    private static final int KEPT = 8;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final int threshold;
    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(KEPT);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

    Deflate(int threshold) {
        this.threshold = threshold;
    }

    /**
     * Whether an offer of a client can be kept. One with {@code server_max_window_bits} cannot, because the JDK's deflater has one window
     * size; one that says something twice, or what no client may say, must not be (RFC 7692 section 7.1).
     */
    static boolean accepts(ExtensionOffer offer) {
        return offer.name().equals(NAME)
                && !offer.repeats()
                && offer.parameters().entrySet().stream().allMatch(each -> known(each.getKey(), each.getValue()));
    }

    private static boolean known(String parameter, String value) {
        return switch (parameter) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
            case "client_max_window_bits" -> value.isEmpty() || WINDOW_BITS.contains(value);
            default -> false;
        };
    }

    /** The frame on the wire for connections that negotiated compression. */
    byte[] wire(Frame frame) {
        if (frame.size() < threshold) {
            return WireFrame.plain(frame);
        }
        byte[] small = deflate(frame.bytes());
        return small.length < frame.size()
                ? WireFrame.frame(frame.isBinary(), true, small, small.length)
                : WireFrame.plain(frame);
    }

    private byte[] deflate(byte[] bytes) {
        Deflater deflater = take(deflaters, () -> new Deflater(Deflater.DEFAULT_COMPRESSION, true));
        try {
            deflater.setInput(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 16);
            byte[] chunk = new byte[Math.min(8_192, bytes.length + 64)];
            int n;
            do {
                n = deflater.deflate(chunk, 0, chunk.length, Deflater.SYNC_FLUSH);
                out.write(chunk, 0, n);
            } while (n == chunk.length);
            byte[] all = out.toByteArray();
            return java.util.Arrays.copyOf(all, all.length - TAIL.length); // a sync flush ends with the tail
        } finally {
            deflater.reset();
            give(deflaters, deflater);
        }
    }

    /** Inflates a message; stops as soon as it exceeds the limit, so that a bomb costs no more memory than an honest message. */
    byte[] inflate(byte[] bytes, int limit) throws ProtocolViolationException {
        Inflater inflater = take(inflaters, () -> new Inflater(true));
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(limit, bytes.length * 2 + 64));
            byte[] chunk = new byte[4_096];
            for (byte[] input : List.of(bytes, TAIL)) {
                inflater.setInput(input);
                int n = inflater.inflate(chunk);
                while (n > 0) {
                    if (out.size() + n > limit) {
                        throw new ProtocolViolationException(
                                ProtocolViolationException.TOO_BIG, "message is larger than " + limit + " bytes");
                    }
                    out.write(chunk, 0, n);
                    n = inflater.inflate(chunk);
                }
                if (inflater.needsDictionary() || (inflater.getRemaining() > 0 && !inflater.finished())) {
                    throw new ProtocolViolationException(
                            ProtocolViolationException.BAD_DATA, "compressed data is broken");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new ProtocolViolationException(ProtocolViolationException.BAD_DATA, "compressed data is broken");
        } finally {
            inflater.reset();
            give(inflaters, inflater);
        }
    }

    private static <T> T take(BlockingQueue<T> pool, Supplier<T> make) {
        T pooled = pool.poll();
        return pooled != null ? pooled : make.get();
    }

    private static void give(BlockingQueue<Deflater> pool, Deflater deflater) {
        if (!pool.offer(deflater)) {
            deflater.end();
        }
    }

    private static void give(BlockingQueue<Inflater> pool, Inflater inflater) {
        if (!pool.offer(inflater)) {
            inflater.end();
        }
    }

    @Override
    public void close() {
        for (Deflater d = deflaters.poll(); d != null; d = deflaters.poll()) {
            d.end();
        }
        for (Inflater i = inflaters.poll(); i != null; i = inflaters.poll()) {
            i.end();
        }
    }
}
