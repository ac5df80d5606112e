package dev.realtime.internal.batches;

import dev.realtime.Event;
import dev.realtime.PayloadShape;
import dev.realtime.batches.Batches;
import dev.realtime.internal.json.JsonStrings;
import dev.realtime.internal.outbox.Gathered;
import dev.realtime.internal.outbox.Gathering;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Frame;
import dev.realtime.spi.Time;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The batches of a namespace: which events are batched, and how those that wait for a client next to each other become one. Thread-safe. */
public final class Batching implements Gathering {
    private static final byte[] NOTHING = {'[', ']'};

    private final Batches options;
    private final PacketEncoder encoder;
    private final Time time;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final byte[] open;
    private final AtomicLong numbers = new AtomicLong();

    /** @param name as JSON text */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record Kind(byte[] name, PayloadShape shape) {}

    public Batching(Batches options, PacketEncoder encoder, Time time) {
        this.options = options;
        this.encoder = encoder;
        this.time = time;
        for (Event<?> event : options.events()) {
            kinds.put(
                    event.name(),
                    new Kind(JsonStrings.quote(event.name()), event.contract().shape()));
        }
        this.open = (new String(JsonStrings.quote(options.name()), StandardCharsets.UTF_8) + ",{\"timestamp\":")
                .getBytes(StandardCharsets.UTF_8);
    }

    public Batches options() {
        return options;
    }

    /**
     * The event as a message that leaves in a batch.
     *
     * @param offset of the event; null without recovery
     * @return null if it leaves by itself
     */
    public @Nullable OutboundMessage message(EventData event, @Nullable String offset) {
        if (!event.attachments().isEmpty()) {
            return null;
        }
        EventBytes bytes = EventBytes.of(event.json());
        Kind kind = bytes == null ? null : kinds.get(bytes.name());
        byte[] data = kind == null ? null : data(kind, bytes);
        return kind == null || data == null
                ? null
                : OutboundMessage.gathered(new BatchedEvent(
                        this,
                        numbers.incrementAndGet(),
                        kind.name,
                        data,
                        offset,
                        time.now().toEpochMilli()));
    }

    /** What stands for it in a batch; null if it does not fit its contract. */
    private static byte @Nullable [] data(Kind kind, @Nullable EventBytes event) {
        if (event == null) {
            return null;
        } else if (kind.shape == PayloadShape.SINGLE) {
            return event.onlyArgument();
        }
        return event.hasArguments() ? event.arguments() : NOTHING;
    }

    @Override
    public int most() {
        return options.most();
    }

    @Override
    public int mostBytes() {
        return Batches.BYTES;
    }

    @Override
    public List<Frame> together(List<Gathered> waiting) {
        BatchedEvent last = (BatchedEvent) waiting.get(waiting.size() - 1);
        long[] of = new long[waiting.size()];
        for (int i = 0; i < of.length; i++) {
            of[i] = ((BatchedEvent) waiting.get(i)).number();
        }
        List<Frame> frames = last.find(of);
        if (frames == null) {
            frames = encoder.event(json(waiting, last.millis()), List.of(), -1, last.offset());
            last.remember(of, frames);
        }
        return frames;
    }

    private byte[] json(List<Gathered> waiting, long millis) {
        int size = open.length + 64;
        for (Gathered one : waiting) {
            size += one.size() + 1;
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream(size);
        json.write('[');
        json.writeBytes(open);
        text(json, Long.toString(millis));
        text(json, ",\"events\":[");
        for (int from = 0, to; from < waiting.size(); from = to) {
            to = endOfGroup(waiting, from);
            if (from > 0) {
                json.write(',');
            }
            group(json, waiting.subList(from, to));
        }
        text(json, "]}]");
        return json.toByteArray();
    }

    /** Behind the neighbours of the same type. */
    private static int endOfGroup(List<Gathered> waiting, int from) {
        byte[] type = ((BatchedEvent) waiting.get(from)).type();
        int to = from + 1;
        while (to < waiting.size() && Arrays.equals(((BatchedEvent) waiting.get(to)).type(), type)) {
            to++;
        }
        return to;
    }

    private static void group(ByteArrayOutputStream json, List<Gathered> events) {
        text(json, "{\"type\":");
        json.writeBytes(((BatchedEvent) events.get(0)).type());
        text(json, ",\"count\":" + events.size() + ",\"data\":[");
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                json.write(',');
            }
            json.writeBytes(((BatchedEvent) events.get(i)).data());
        }
        text(json, "]}");
    }

    private static void text(ByteArrayOutputStream json, String ascii) {
        json.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
    }
}
