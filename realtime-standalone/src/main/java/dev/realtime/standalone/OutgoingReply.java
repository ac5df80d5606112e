package dev.realtime.standalone;

import dev.realtime.spi.HttpReply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply as it is written.
 *
 * @param pieces the head, and the body if that is in memory
 * @param download what follows the pieces; null for nothing
 * @param closes whether it is the connection's last
 */
record OutgoingReply(List<byte[]> pieces, @Nullable Download download, boolean closes) {

    /** @throws IllegalArgumentException when it has a header that must not be sent */
    static OutgoingReply of(RequestHead request, HttpReply reply, boolean closes) {
        byte[] head = ReplyHead.of(reply.status(), reply.headers(), reply.body().length, closes);
        boolean body = ReplyHead.carriesBody(reply, request.method());
        return new OutgoingReply(body ? List.of(head, reply.body()) : List.of(head), null, closes);
    }

    /** For what is not in memory as a whole; closes it if the request wants the head alone. */
    static OutgoingReply of(RequestHead request, HttpReply start, Download body, boolean closes) {
        byte[] head = ReplyHead.of(start.status(), start.headers(), body.length(), closes);
        boolean headOnly = request.method().equals("HEAD");
        if (headOnly) {
            body.close();
        }
        return new OutgoingReply(List.of(head), headOnly ? null : body, closes);
    }

    /** For a request that is not one; the connection does not survive it. */
    static OutgoingReply refusal(RequestRefusedException why) {
        HttpReply reply = JsonReplies.error(why.status(), why.reason());
        byte[] head = ReplyHead.of(reply.status(), reply.headers(), reply.body().length, true);
        return new OutgoingReply(List.of(head, reply.body()), null, true);
    }
}
