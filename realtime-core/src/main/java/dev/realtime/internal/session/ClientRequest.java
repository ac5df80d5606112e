package dev.realtime.internal.session;

import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.EventHead;
import dev.realtime.internal.socketio.Fault;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One question to one client. */
public final class ClientRequest<T, R> implements PendingAcks.Asker {
    private static final Logger LOG = LoggerFactory.getLogger(ClientRequest.class);

    private final Request<T, R> request;
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    private ClientRequest(Request<T, R> request) {
        this.request = request;
    }

    static <T, R> CompletionStage<R> ask(LocalSession session, Request<T, R> request, T payload, Duration timeout) {
        SessionScope scope = session.scope();
        EventData data = scope.payloads().event(request.contract(), payload);
        IllegalStateException end = scope.context().lifetime().end();
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        ClientRequest<T, R> asked = new ClientRequest<>(request);
        long ackId = scope.nextAckId();
        OutboundMessage message =
                OutboundMessage.reliable(scope.encoder().event(data.json(), data.attachments(), ackId, null));
        scope.publisher().behindOwn(session.emits().underWay(), () -> {
            if (session.expect(ackId, asked)) {
                scope.fanout().deliver(session, message);
            } else {
                scope.context().workers().handlers().execute(() -> asked.lost(session));
            }
        });
        Time.Timer timer = scope.context()
                .time()
                .schedule(
                        timeout,
                        () -> scope.context().workers().handlers().execute(() -> {
                            session.forget(ackId);
                            asked.fail(RequestFailedException.Reason.TIMEOUT, "no answer within " + timeout);
                        }));
        CompletionStage<R> answered = scope.context().lifetime().within(asked.answer);
        var unused = answered.whenComplete((done, failure) -> timer.cancel());
        return answered; // and not what depends on it: that would fail with its failure in another one
    }

    @Override
    public void answered(LocalSession session, Packet packet) {
        try {
            Fault fault = packet.fault();
            if (fault != null) {
                throw new DecodeException(fault.sentence());
            }
            answer.complete(bind(session.scope(), request, packet.data(), packet.attachments()));
        } catch (RequestFailedException refused) {
            answer.completeExceptionally(refused);
        } catch (DecodeException e) {
            fail(RequestFailedException.Reason.BAD_REPLY, "the answer does not fit: " + e.getMessage());
        }
    }

    /**
     * The typed reply; null only where the contract's reply allows it.
     *
     * @param data the array of arguments as JSON text
     * @throws RequestFailedException if it is an error
     * @throws DecodeException if it is no such reply, or the application is at fault, which the log tells
     */
    @SuppressWarnings({"unchecked", "NullAway"
    }) // the codec was asked for this type, and a CompletableFuture<Void> holds null
    public static <R> R bind(SessionScope scope, Request<?, R> request, String data, List<byte[]> attachments) {
        try {
            return (R) scope.payloads().reply(request, EventHead.elements(data), attachments);
        } catch (DecodeException | RequestFailedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            scope.context().lines().error(LOG, request.name(), "the answer to '{}' cannot be read", request.name(), e);
            throw new DecodeException("the server cannot read it");
        }
    }

    @Override
    public void lost(LocalSession session) {
        fail(RequestFailedException.Reason.DISCONNECTED, "the client is not connected");
    }

    private void fail(RequestFailedException.Reason cause, String message) {
        answer.completeExceptionally(new RequestFailedException(cause, message));
    }
}
