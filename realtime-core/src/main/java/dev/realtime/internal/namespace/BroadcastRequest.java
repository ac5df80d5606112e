package dev.realtime.internal.namespace;

import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.ClientRequest;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.PendingAcks;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.internal.socketio.Packet;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One question to many clients, encoded once, and their answers until everybody has answered or the time is over. */
final class BroadcastRequest<T, R> implements PendingAcks.Asker {
    private final SessionScope scope;
    private final Request<T, R> request;
    private final long ackId;
    private final CompletableFuture<Replies<R>> replies = new CompletableFuture<>();
    // guarded by this
    private final Map<String, LocalSession> open = new HashMap<>();
    private final Map<String, R> answers = new HashMap<>();
    private final Map<String, String> failed = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private boolean allAsked;
    private boolean done;

    BroadcastRequest(SessionScope scope, Request<T, R> request) {
        this.scope = scope;
        this.request = request;
        this.ackId = scope.ackIds().incrementAndGet();
    }

    CompletionStage<Replies<R>> ask(Target target, EventData data, Duration timeout) {
        OutboundMessage message =
                OutboundMessage.reliable(scope.encoder().event(data.json(), data.attachments(), ackId, null));
        scope.fanout().executeBehind(scope.log().tail(), () -> {
            scope.rooms().forEach(target, null, session -> ask(session, message));
            synchronized (this) {
                allAsked = true;
            }
            finishIfComplete();
        });
        Time.Timer timer = scope.context()
                .time()
                .schedule(timeout, () -> scope.context().workers().execute(this::expire));
        return replies.whenComplete((result, failure) -> timer.cancel());
    }

    private void ask(LocalSession session, OutboundMessage message) {
        if (!session.isConnected()) {
            return;
        }
        synchronized (this) {
            if (done) {
                return;
            }
            open.put(session.id(), session);
        }
        if (!session.expect(ackId, this) || !scope.fanout().deliver(session, message)) {
            session.forget(ackId);
            lost(session);
        }
    }

    @Override
    public void answered(LocalSession session, Packet packet) {
        try {
            R reply = ClientRequest.bind(session, request, packet);
            synchronized (this) {
                if (!done && open.remove(session.id()) != null && reply != null) {
                    answers.put(session.id(), reply);
                }
            }
        } catch (DecodeException e) {
            synchronized (this) {
                if (!done && open.remove(session.id()) != null) {
                    failed.put(session.id(), "the answer does not fit: " + e.getMessage());
                }
            }
        }
        finishIfComplete();
    }

    @Override
    public void lost(LocalSession session) {
        synchronized (this) {
            if (!done && open.remove(session.id()) != null) {
                missing.add(session.id());
            }
        }
        finishIfComplete();
    }

    private void expire() {
        Map<String, LocalSession> silent;
        synchronized (this) {
            if (done) {
                return;
            }
            silent = new HashMap<>(open);
            missing.addAll(open.keySet());
            open.clear();
            allAsked = true;
        }
        silent.values().forEach(session -> session.forget(ackId));
        finishIfComplete();
    }

    private void finishIfComplete() {
        Replies<R> result;
        synchronized (this) {
            if (done || !allAsked || !open.isEmpty()) {
                return;
            }
            done = true;
            result = new Replies<>(Map.copyOf(answers), Map.copyOf(failed), Set.copyOf(missing));
        }
        scope.context().workers().execute(() -> replies.complete(result));
    }
}
