package dev.realtime.standalone;

import dev.realtime.spi.Frame;
import jakarta.websocket.Extension;
import java.io.ByteArrayOutputStream;
import java.util.List;
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
    private static final int KEPT = 8;
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final int threshold;
    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(KEPT);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

    Deflate(int threshold) {
        this.threshold = threshold;
    }

    /**
     * The answer to a client's offers: the first that can be kept, or nothing. An offer with {@code server_max_window_bits} cannot
     * be kept, because the JDK's deflater has one window size.
     */
    static List<Extension> accept(List<Extension> offers) {
        return offers.stream()
                .filter(offer -> offer.getName().equals(NAME)
                        && offer.getParameters().stream().allMatch(Deflate::known))
                .findFirst()
                .map(offer -> List.<Extension>of(new Accepted()))
                .orElse(List.of());
    }

    private static boolean known(Extension.Parameter parameter) {
        return switch (parameter.getName()) {
            case "server_no_context_takeover", "client_no_context_takeover" ->
                parameter.getValue() == null || parameter.getValue().isEmpty();
            case "client_max_window_bits" -> true;
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

    private record Accepted() implements Extension {
        @Override
        public String getName() {
            return NAME;
        }

        @Override
        public List<Parameter> getParameters() {
            return List.of(new Flag("server_no_context_takeover"), new Flag("client_no_context_takeover"));
        }
    }

    private record Flag(String name) implements Extension.Parameter {
        @Override
        public String getName() {
            return name;
        }

        @Override
        @SuppressWarnings("NullAway") // a parameter without a value, as Tyrus wants it
        public String getValue() {
            return null;
        }
    }
}
