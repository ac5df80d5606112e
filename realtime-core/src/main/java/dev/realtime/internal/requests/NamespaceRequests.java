package dev.realtime.internal.requests;

import dev.realtime.Fetched;
import dev.realtime.Replies;
import dev.realtime.Request;
import dev.realtime.ServerReplies;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.ReplyReader;
import dev.realtime.internal.traces.TracedWork;
import dev.realtime.internal.traces.Traces;
import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks the clients and the nodes of a namespace for the application. Nothing is asked once the node is closed. Thread-safe. */
public final class NamespaceRequests {
    private final String namespace;
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final NamespaceBus bus;
    private final LocalRequests here;
    private final ReplyReader replies;
    private final JsonCodec json;

    /** @param here asks the clients of this node */
    public NamespaceRequests(
            String namespace,
            NodeRuntime runtime,
            Lifetime lifetime,
            NamespaceBus bus,
            LocalRequests here,
            ReplyReader replies,
            JsonCodec json) {
        this.namespace = namespace;
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.bus = bus;
        this.here = here;
        this.replies = replies;
        this.json = json;
    }

    /** The id of the node that asks. */
    public String node() {
        return runtime.node();
    }

    /** Asks the clients of an audience. */
    public <T, R> CompletionStage<Replies<R>> askClients(
            Request<T, R> request, Target target, EventData data, Duration timeout) {
        return whileOpen(() -> traced(
                request,
                work -> new BroadcastRequest<>(request, bus, here, replies, runtime, lifetime)
                        .ask(target, data, timeout)));
    }

    /** Asks all nodes who is in an audience. */
    public CompletionStage<Fetched> fetch(Target target) {
        return whileOpen(() -> new FetchRequest(bus, json, runtime, lifetime).fetch(target));
    }

    /** Asks the application on all other nodes. */
    public <T, R> CompletionStage<ServerReplies<R>> askServers(
            Request<T, R> request, EventData data, Duration timeout) {
        return whileOpen(() -> traced(
                request,
                work -> new ServerRequest<>(request, bus, replies, runtime, lifetime)
                        .ask(data, carried(work), timeout)));
    }

    private EventTerms carried(TracedWork work) {
        Map<String, String> headers = Traces.with(runtime.logs().carried(Map.of()), work);
        return headers.isEmpty() ? EventTerms.NONE : new EventTerms(EventTerms.WITHOUT_END, headers);
    }

    private <A> CompletionStage<A> traced(Request<?, ?> request, Function<TracedWork, CompletionStage<A>> question) {
        if (!runtime.traces().isOn()) {
            return question.apply(TracedWork.NONE);
        }
        TracedWork work = runtime.traces().asking(namespace, request.contract().name());
        CompletionStage<A> answer = question.apply(work);
        var unused = answer.whenComplete((replies, failure) -> work.end(failure));
        return answer;
    }

    private <A> CompletionStage<A> whileOpen(Supplier<CompletionStage<A>> question) {
        IllegalStateException end = lifetime.end();
        return end == null ? question.get() : CompletableFuture.failedFuture(end);
    }
}
