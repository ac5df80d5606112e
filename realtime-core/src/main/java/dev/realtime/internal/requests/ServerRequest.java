package dev.realtime.internal.requests;

import dev.realtime.Request;
import dev.realtime.RequestFailedException;
import dev.realtime.ServerReplies;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.ReplyReader;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** One question to the application on all other nodes, and their answers until all have answered or the time is over. */
final class ServerRequest<T, R> implements NamespaceBus.Gathering {

    private final Request<T, R> request;
    private final NamespaceBus bus;
    private final ReplyReader reader;
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final Executor asker;
    private final CompletableFuture<ServerReplies<R>> replies = new CompletableFuture<>();
    // guarded by this
    private final List<R> answers = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final AnsweredNodes nodes = new AnsweredNodes();
    private boolean done;

    ServerRequest(Request<T, R> request, NamespaceBus bus, ReplyReader reader, NodeRuntime runtime, Lifetime lifetime) {
        this.request = request;
        this.bus = bus;
        this.reader = reader;
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.asker = runtime.logs().here(runtime.workers().handlers());
    }

    CompletionStage<ServerReplies<R>> ask(EventData data, EventTerms terms, Duration timeout) {
        String id = bus.gather(this, name -> new BusMessage.ServerEvent(name, data, terms));
        bus.others().whenComplete((others, failure) -> expect(failure == null ? others : 1));
        Time.Timer timer =
                runtime.time().schedule(timeout, () -> runtime.workers().execute(() -> finish(true)));
        return lifetime.within(replies).whenComplete((result, failure) -> {
            timer.cancel();
            bus.forget(id);
        });
    }

    private void expect(int others) {
        synchronized (this) {
            nodes.expect(others);
        }
        finish(false);
    }

    @Override
    public void heard(String from, BusMessage message) {
        if (!(message instanceof BusMessage.ServerReply reply)) {
            return;
        }
        try {
            R answer = reader.read(
                    request,
                    new String(reply.answer().json(), StandardCharsets.UTF_8),
                    reply.answer().attachments());
            synchronized (this) {
                if (!done && nodes.answered(from) && answer != null) {
                    answers.add(answer);
                }
            }
        } catch (RequestFailedException refused) {
            synchronized (this) {
                if (!done && nodes.answered(from)) {
                    failed.add("node " + from + ' ' + refused.getMessage());
                }
            }
        } catch (DecodeException e) {
            synchronized (this) {
                if (!done && nodes.answered(from)) {
                    failed.add("the answer of node " + from + " does not fit: " + e.getMessage());
                }
            }
        }
        finish(false);
    }

    private void finish(boolean late) {
        ServerReplies<R> result;
        synchronized (this) {
            boolean complete = nodes.isComplete();
            if (done || (!complete && !late)) {
                return;
            }
            done = true;
            result = new ServerReplies<>(List.copyOf(answers), List.copyOf(failed), nodes.missing());
        }
        asker.execute(() -> replies.complete(result));
    }
}
