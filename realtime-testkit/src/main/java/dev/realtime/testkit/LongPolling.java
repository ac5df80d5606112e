package dev.realtime.testkit;

import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client's side of long-polling in Engine.IO v4: at most one GET and one POST are under way. Not thread-safe. */
final class LongPolling {
    private static final String SEPARATOR = "\u001e";

    private final Supplier<InMemoryTransport> transport; // of the next request
    private final Function<String, RequestView> requests; // by method
    private final Receiver receiver;
    private @Nullable InMemoryExchange poll;
    private @Nullable InMemoryExchange post;
    private boolean over;

    LongPolling(Supplier<InMemoryTransport> transport, Function<String, RequestView> requests, Receiver receiver) {
        this.transport = transport;
        this.requests = requests;
        this.receiver = receiver;
    }

    /** Told of what comes. */
    interface Receiver {
        void text(String packet);

        void binary(byte[] attachment);

        /** A GET is answered, and everything in it was told. */
        void polled();

        /** A POST is answered. */
        void posted();

        /** @param reply what came instead of what was expected */
        void failed(String reason, HttpReply reply);
    }

    /** Waits for packets. */
    void poll() {
        InMemoryExchange exchange = transport.get().exchange(requests.apply("GET"), new byte[0]);
        poll = exchange;
        exchange.receiver(reply -> polled(exchange, reply));
    }

    /** Sends packets, strings and bytes. */
    void post(List<Object> packets) {
        List<String> encoded = new ArrayList<>();
        for (Object packet : packets) {
            encoded.add(
                    packet instanceof byte[] bytes ? "b" + Base64.getEncoder().encodeToString(bytes) : (String) packet);
        }
        InMemoryExchange exchange = send(String.join(SEPARATOR, encoded));
        post = exchange;
        exchange.receiver(this::posted);
    }

    /** Says goodbye, whatever is under way. */
    void close() {
        var unused = send("1");
    }

    private InMemoryExchange send(String body) {
        return transport.get().exchange(requests.apply("POST"), body.getBytes(StandardCharsets.UTF_8));
    }

    boolean isPosting() {
        return post != null;
    }

    /** Whether nothing is under way. */
    boolean isIdle() {
        return poll == null && post == null;
    }

    /** Gives up the GET; the server notices. */
    void abort() {
        if (poll != null) {
            poll.abort();
        }
    }

    /** What is under way does not arrive; the server does not notice. */
    void lose() {
        if (poll != null) {
            poll.lose();
        }
    }

    /** Tells nothing any more. */
    void end() {
        over = true;
    }

    private void polled(InMemoryExchange exchange, HttpReply reply) {
        if (over || poll != exchange) {
            return;
        }
        poll = null;
        String payload = new String(reply.body(), StandardCharsets.UTF_8);
        if (reply.status() != 200) {
            receiver.failed("poll failed with " + reply.status() + " " + payload, reply);
            return;
        }
        for (String packet : payload.split(SEPARATOR, -1)) {
            if (packet.startsWith("b")) {
                receiver.binary(Base64.getDecoder().decode(packet.substring(1)));
            } else {
                receiver.text(packet);
            }
        }
        if (!over) {
            receiver.polled();
        }
    }

    private void posted(HttpReply reply) {
        post = null;
        if (over) {
            return;
        }
        if (reply.status() != 200) {
            receiver.failed(
                    "post failed with " + reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8),
                    reply);
        } else {
            receiver.posted();
        }
    }
}
