package dev.realtime.internal.requests;

import dev.realtime.Fetched;
import dev.realtime.SessionView;
import dev.realtime.internal.node.Lifetime;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Target;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Who is in an audience: asks all nodes, and says how many did not answer. */
final class FetchRequest implements NamespaceBus.Gathering {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NamespaceBus bus;
    private final JsonCodec json;
    private final NodeRuntime runtime;
    private final Lifetime lifetime;
    private final Executor asker;
    private final CompletableFuture<Fetched> fetched = new CompletableFuture<>();
    // guarded by this
    private final List<SessionView> sessions = new ArrayList<>();
    private final AnsweredNodes nodes = new AnsweredNodes();
    private boolean lookedHere;
    private boolean done;

    FetchRequest(NamespaceBus bus, JsonCodec json, NodeRuntime runtime, Lifetime lifetime) {
        this.bus = bus;
        this.json = json;
        this.runtime = runtime;
        this.lifetime = lifetime;
        this.asker = runtime.logs().here(runtime.workers().handlers());
    }

    CompletionStage<Fetched> fetch(Target target) {
        String id = target.node() == null ? bus.gather(this, name -> new BusMessage.Fetch(name, target)) : null;
        if (id == null) {
            expect(0);
        } else {
            bus.others().whenComplete((others, failure) -> expect(failure == null ? others : 1));
        }
        bus.views(target, this::here);
        Time.Timer timer =
                runtime.time().schedule(PATIENCE, () -> runtime.workers().execute(() -> finish(true)));
        return lifetime.within(fetched).whenComplete((result, failure) -> {
            timer.cancel();
            forget(id);
        });
    }

    private void forget(@Nullable String id) {
        if (id != null) {
            bus.forget(id);
        }
    }

    private void expect(int others) {
        synchronized (this) {
            nodes.expect(others);
        }
        finish(false);
    }

    private void here(List<SessionView> views) {
        synchronized (this) {
            sessions.addAll(views);
            lookedHere = true;
        }
        finish(false);
    }

    @Override
    public void heard(String from, BusMessage message) {
        if (message instanceof BusMessage.Fetched answer) {
            synchronized (this) {
                if (!done && nodes.answered(from)) {
                    sessions.addAll(answer.sessions());
                }
            }
            finish(false);
        }
    }

    private void finish(boolean late) {
        Fetched result;
        synchronized (this) {
            boolean complete = lookedHere && nodes.isComplete();
            if (done || (!complete && !late)) {
                return;
            }
            done = true;
            result = new Fetched(
                    sessions.stream().map(view -> view.readBy(json::decodeOwn)).toList(), nodes.missing());
        }
        asker.execute(() -> fetched.complete(result));
    }
}
