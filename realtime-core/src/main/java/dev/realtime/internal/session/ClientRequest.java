package dev.realtime.internal.session;

import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** One question to one client, until it is answered or nobody waits for it any more. */
final class ClientRequest<R> implements PendingAcks.Asker {
    private final Request<?, R> request;
    private final ReplyReader replies;
    private final Executor asker;
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    /** @param asker runs what depends on the answer, at once */
    ClientRequest(Request<?, R> request, ReplyReader replies, Executor asker) {
        this.request = request;
        this.replies = replies;
        this.asker = asker;
    }

    /** Completes with the client's reply, or fails with a {@link RequestFailedException}. */
    CompletableFuture<R> answer() {
        return answer;
    }

    @Override
    public void answered(LocalSession session, Packet packet) {
        try {
            Fault fault = packet.fault();
            if (fault != null) {
                throw new DecodeException(fault.sentence());
            }
            R reply = replies.read(request, packet.data(), packet.attachments());
            asker.execute(() -> answer.complete(reply));
        } catch (RequestFailedException refused) {
            asker.execute(() -> answer.completeExceptionally(refused));
        } catch (DecodeException e) {
            fail(RequestFailedException.Reason.BAD_REPLY, "the answer does not fit: " + e.getMessage());
        }
    }

    @Override
    public void lost(LocalSession session) {
        fail(RequestFailedException.Reason.DISCONNECTED, "the client is not connected");
    }

    void fail(RequestFailedException.Reason cause, String message) {
        asker.execute(() -> answer.completeExceptionally(new RequestFailedException(cause, message)));
    }
}
