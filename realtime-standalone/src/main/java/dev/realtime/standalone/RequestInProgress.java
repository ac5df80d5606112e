package dev.realtime.standalone;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The request that is being answered, and its body as far as it has come. Not thread-safe. */
final class RequestInProgress {
    private final RequestHead head;
    private final Exchange exchange;
    private final @Nullable BodyDecoder decoder;
    private @Nullable BodyCollector collector;

    /** @param decoder of the body; null when the request has none */
    RequestInProgress(RequestHead head, Exchange exchange, @Nullable BodyDecoder decoder) {
        this.head = head;
        this.exchange = exchange;
        this.decoder = decoder;
    }

    RequestHead head() {
        return head;
    }

    Exchange exchange() {
        return exchange;
    }

    boolean hasBody() {
        return decoder != null;
    }

    /** Whether something of the body has not been read. */
    boolean lacksBody() {
        return decoder != null && !decoder.isDone();
    }

    /** Whether what comes of the body has somewhere to go. */
    boolean isCollected() {
        return collector != null;
    }

    /** Sends the body there, whatever of it has come so far. */
    void collect(BodyCollector into) {
        collector = into;
    }

    /** Reads what has come of the body; returns whether there was anything. */
    boolean readBody(RequestInput input) throws RequestRefusedException {
        BodyDecoder reading = decoder;
        BodyCollector into = collector;
        return reading != null && into != null && !reading.isDone() && input.body(reading, into);
    }

    /** Whether the body has to wait until the node has room for it. */
    boolean waitsForRoom() {
        BodyCollector into = collector;
        return into != null && into.waits();
    }

    /** Hands on the whole body. */
    void completeBody() {
        BodyCollector into = collector;
        if (into != null) {
            into.complete();
        }
    }

    /** Nobody wants the rest of it. */
    void end() {
        BodyCollector into = collector;
        if (into != null) {
            into.fail(new IOException("answered before the body had come"));
        }
    }
}
