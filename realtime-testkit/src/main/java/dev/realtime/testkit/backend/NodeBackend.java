package dev.realtime.testkit.backend;

import dev.realtime.Position;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import dev.realtime.testkit.backend.Line.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One node's side of a {@link ClusterBackend}. */
public final class NodeBackend implements Backend {
    private final Store store;
    private final Line line;
    private final Time time;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final List<NodeLog> logs = new CopyOnWriteArrayList<>();
    private final List<NodeBus> buses = new CopyOnWriteArrayList<>();
    private final Runnable epochListener;
    private final boolean lendsThread;
    private volatile String epoch;
    private final AtomicLong gaps = new AtomicLong();
    private final Queue<Call> unanswered = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** @param lendsThread whether its logs do, as those of some backends and not of others */
    NodeBackend(Store store, Line line, Time time, boolean lendsThread) {
        this.lendsThread = lendsThread;
        this.store = store;
        this.line = line;
        this.time = time;
        this.epoch = store.epoch();
        this.epochListener = () -> line.toNode(Traffic.EPOCH, this::learnEpoch);
        store.onEpoch(epochListener);
        line.whenLosing(() -> unanswered.forEach(Call::mayFail));
    }

    /** Something that the backend was asked. */
    private final class Call {
        private final CompletableFuture<?> answer;
        private Time.@Nullable Timer timer; // guarded by this

        Call(CompletableFuture<?> answer) {
            this.answer = answer;
        }

        void giveUp() {
            answer.completeExceptionally(new IOException("the connection to the backend is closed"));
        }

        /** It fails if it is not answered in time, where answers can be lost. */
        synchronized void mayFail() {
            Duration patience = line.patience();
            if (patience != null && timer == null && !answer.isDone()) {
                timer = time.schedule(
                        patience,
                        () -> line.atNode(
                                () -> answer.completeExceptionally(new IOException("no answer after " + patience))));
            }
        }

        synchronized void over() {
            unanswered.remove(this);
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /** Asks the backend; the answer comes back, or the patience ends. */
    <T> CompletionStage<T> call(Traffic traffic, Supplier<T> atBackend) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Call call = new Call(answer);
        unanswered.add(call);
        var unused = answer.whenComplete((value, failure) -> call.over());
        if (closed) {
            call.giveUp();
            return answer;
        }
        call.mayFail();
        line.toBackend(traffic, () -> {
            T value = atBackend.get();
            line.toNode(traffic, () -> answer.complete(value));
        });
        return answer;
    }

    /** The end of a namespace's log as this node knows it; null while it does not serve the namespace. */
    public @Nullable Position tail(String namespace) {
        Position tail = null;
        for (NodeLog log : logs) {
            if (log.namespace().equals(namespace)) {
                tail = log.tail();
            }
        }
        return tail;
    }

    Store store() {
        return store;
    }

    boolean lendsThread() {
        return lendsThread;
    }

    Line line() {
        return line;
    }

    /** Before a node sees anything of a new epoch, it hears that it is one. */
    synchronized void learnEpoch() {
        String current = store.epoch();
        if (!current.equals(epoch)) {
            epoch = current;
            watchers.forEach(Runnable::run);
        }
    }

    @Override
    public Log log(String namespace, String node, Retention retention) {
        NodeLog log = new NodeLog(this, namespace, retention);
        logs.add(log);
        return log;
    }

    @Override
    public Bus bus(String namespace, String node) {
        NodeBus bus = new NodeBus(this, namespace, node);
        buses.add(bus);
        return bus;
    }

    @Override
    public SessionStore sessions() {
        return new NodeSessionStore(this);
    }

    @Override
    public Leases leases() {
        return new NodeLeases(this);
    }

    @Override
    public Values values() {
        return new NodeValues(this);
    }

    @Override
    public Queues queues() {
        return new NodeQueues(this);
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public long gaps() {
        return gaps.get();
    }

    /** This node has gone on by itself for a while, and is back: its sessions may have seen what no other node has. */
    public void wasAlone() {
        gaps.incrementAndGet();
        watchers.forEach(Runnable::run);
    }

    /** The log has forgotten what this node has not read yet, although others have: it goes on with what comes. */
    public void fellBehind() {
        logs.forEach(NodeLog::skip);
        wasAlone();
    }

    @Override
    public boolean isDegraded() {
        return false;
    }

    @Override
    public Registration watch(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }

    @Override
    public void close() {
        store.offEpoch(epochListener);
        logs.forEach(NodeLog::close);
        buses.forEach(NodeBus::close);
        watchers.clear();
        closed = true;
        for (Call call; (call = unanswered.poll()) != null; ) {
            line.atNode(call::giveUp);
        }
    }
}
