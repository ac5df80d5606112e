package dev.realtime.internal.session;

import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.internal.traces.TracedWork;
import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks single clients of a namespace. Thread-safe. */
public final class ClientRequests {
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final Payloads payloads;
    private final ReplyReader replies;
    private final PacketEncoder encoder;
    private final AckIds ackIds;
    private final Publisher publisher;
    private final Fanout<LocalSession> fanout;

    public ClientRequests(
            NodeRuntime runtime,
            Lifetime lifetime,
            Payloads payloads,
            ReplyReader replies,
            PacketEncoder encoder,
            AckIds ackIds,
            Publisher publisher,
            Fanout<LocalSession> fanout) {
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.payloads = payloads;
        this.replies = replies;
        this.encoder = encoder;
        this.ackIds = ackIds;
        this.publisher = publisher;
        this.fanout = fanout;
    }

    /** What became of an event that its client is to acknowledge. */
    public enum Receipt {
        /** It has said something. */
        ACKNOWLEDGED,
        /** It has said nothing in time. */
        LATE,
        /** It is not there, or was asked too much already. */
        LOST
    }

    /**
     * Sends the client of a session an event of the engine's own, and completes with what becomes of it; never fails.
     *
     * @param late runs if it acknowledges the event later than that; of the last few of a session
     */
    public CompletionStage<Receipt> deliver(LocalSession session, EventData data, Duration timeout, Runnable late) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        long ackId = ackIds.next();
        OutboundMessage message = OutboundMessage.forOne(encoder.event(data.json(), data.attachments(), ackId, null));
        PendingAcks.Asker asker = new PendingAcks.Asker() {
            @Override
            public void answered(LocalSession from, Packet answer) {
                if (!receipt.complete(Receipt.ACKNOWLEDGED)) {
                    late.run();
                }
            }

            @Override
            public void lost(LocalSession from) {
                receipt.complete(Receipt.LOST);
            }
        };
        publisher.behindOwn(() -> put(session, ackId, asker, receipt, message, () -> receipt.complete(Receipt.LOST)));
        Time.Timer timer = runtime.time()
                .schedule(
                        timeout,
                        () -> runtime.workers().execute(() -> {
                            receipt.complete(Receipt.LATE); // first, so that it is not put any more
                            session.acks().overdue(ackId);
                        }));
        var unused = receipt.whenComplete((done, failure) -> timer.cancel());
        return receipt;
    }

    /** Sends the client of a session an event of the engine's own, behind what it was sent before. It gets it on this connection or not at all. */
    public void tell(LocalSession session, EventData data) {
        OutboundMessage message = OutboundMessage.forOne(encoder.event(data, Packet.NO_ACK, null));
        publisher.behindOwn(() -> fanout.deliver(session, message));
    }

    /** Asks the client of a session, behind what the caller and the session have emitted. */
    <T, R> CompletionStage<R> ask(LocalSession session, Request<T, R> request, T payload, Duration timeout) {
        EventData data = payloads.event(request.contract(), payload);
        IllegalStateException end = lifetime.end();
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        Counters counters = runtime.counters();
        long began = counters.observer() == null ? 0 : runtime.time().nanoTime();
        TracedWork work = runtime.traces().isOn()
                ? runtime.traces()
                        .asking(session.namespace().name(), request.contract().name())
                : TracedWork.NONE;
        ClientRequest<R> asked =
                new ClientRequest<>(request, replies, runtime.logs().here(Runnable::run));
        long ackId = ackIds.next();
        OutboundMessage message = OutboundMessage.forOne(encoder.event(data.json(), data.attachments(), ackId, null));
        publisher.behindOwn(
                session.emits().underWay(),
                () -> put(
                        session,
                        ackId,
                        asked,
                        asked.answer(),
                        message,
                        () -> runtime.workers().handlers().execute(() -> asked.lost(session))));
        Time.Timer timer = runtime.time()
                .schedule(
                        timeout,
                        () -> runtime.workers().handlers().execute(() -> {
                            asked.fail(RequestFailedException.Reason.TIMEOUT, "no answer within " + timeout);
                            session.acks().forget(ackId);
                        }));
        CompletionStage<R> answered = lifetime.within(asked.answer());
        var unused = answered.whenComplete((done, failure) -> {
            timer.cancel();
            work.end(failure);
            EngineObserver observer = counters.observer();
            if (observer != null && began != 0 && failure == null) {
                observer.answered(request.contract().name(), runtime.time().nanoTime() - began);
            }
        });
        return answered; // and not what depends on it: that would fail with its failure in another one
    }

    /**
     * Puts a question to the client, unless nobody waits for the answer any more: what it is behind may take longer than the answer may. In the
     * fan-out's turn.
     *
     * @param end of the question, after which whoever ended it forgets it
     */
    private void put(
            LocalSession session,
            long ackId,
            PendingAcks.Asker asker,
            CompletableFuture<?> end,
            OutboundMessage message,
            Runnable notThere) {
        if (end.isDone()) {
            return;
        }
        if (!session.lifecycle().expect(ackId, asker)) {
            notThere.run();
        } else if (end.isDone()) { // meanwhile, and it may have been forgotten before it was expected
            session.acks().forget(ackId);
        } else {
            fanout.deliver(session, message);
        }
    }
}
