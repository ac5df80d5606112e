package dev.realtime.internal.session;

import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what clients and other nodes reply to requests. Thread-safe. */
public final class ReplyReader {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);

    private final Payloads payloads;
    private final BoundedLog lines;

    public ReplyReader(Payloads payloads, BoundedLog lines) {
        this.payloads = payloads;
        this.lines = lines;
    }

    /**
     * Returns the typed reply; null only where the contract's reply allows it.
     *
     * @param data the array of arguments as JSON text
     * @throws RequestFailedException if it is an error
     * @throws DecodeException if it is no such reply, or the application is at fault, which the log tells
     */
    @SuppressWarnings({"unchecked", "NullAway"
    }) // the codec was asked for this type, and a CompletableFuture<Void> holds null
    public <R> R read(Request<?, R> request, String data, List<byte[]> attachments) {
        try {
            return (R) payloads.reply(request, EventHead.elements(data), attachments);
        } catch (DecodeException | RequestFailedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            lines.error(LOG, request.name(), "the answer to '{}' cannot be read", request.name(), e);
            throw new DecodeException("the server cannot read it");
        }
    }
}
