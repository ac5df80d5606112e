package dev.realtime.redis.internal.bus;

import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.internal.wire.BusCodec;
import dev.realtime.redis.internal.wire.MessageType;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.Registration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's place on the bus of a namespace. Questions, and the count of who will answer, wait until the node hears its own channels, at most
 * {@value #PATIENCE_SECONDS} s: an answer that comes before would be lost, and a node that is not counted itself would count one too few.
 */
final class RedisBus implements Bus {
    private static final Logger LOG = LoggerFactory.getLogger(RedisBus.class);
    private static final int PATIENCE_SECONDS = 5;
    private static final int MAX_WAITING = 1_024;

    private final BusHub hub;
    private final BusCodec codec;
    private final String namespace;
    private final String node;
    private final String everybody;
    private final String mine;
    private final Object turn =
            new Object(); // one listener at a time, also where the channels have connections of their own
    // guarded by this
    private final Set<String> heard = new HashSet<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private boolean greeted;
    private boolean closed;

    private volatile @Nullable Listener listener;

    /** Something to do once the channels are heard, or not at all. */
    private record Waiting(Runnable go, Runnable giveUp, long since) {
        boolean isLate() {
            return System.nanoTime() - since > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        }
    }

    RedisBus(BusHub hub, BusCodec codec, String namespace, String node) {
        this.hub = hub;
        this.codec = codec;
        this.namespace = namespace;
        this.node = node;
        this.everybody = hub.channels().everybody(namespace);
        this.mine = hub.channels().node(namespace, node);
    }

    @Override
    public void publish(BusMessage message) {
        byte[] payload = encode(message);
        if (payload == null) {
            return;
        }
        boolean wantsAnswer = message instanceof BusMessage.Ask
                || message instanceof BusMessage.Fetch
                || (message instanceof BusMessage.ServerEvent event && event.id() != null);
        if (wantsAnswer) {
            whenHeard(() -> hub.publish(everybody, payload), () -> {});
        } else {
            hub.publish(everybody, payload);
        }
    }

    @Override
    public void send(String to, BusMessage message) {
        byte[] payload = encode(message);
        if (payload != null && !to.equals(node) && Channels.isPart(to)) {
            hub.publish(hub.channels().node(namespace, to), payload);
        }
    }

    String node() {
        return node;
    }

    /** Whether another one is the same node's in the same namespace. */
    boolean isPlaceOf(RedisBus other) {
        return node.equals(other.node) && namespace.equals(other.namespace);
    }

    private byte @Nullable [] encode(BusMessage message) {
        try {
            return codec.encode(node, namespace, message);
        } catch (IllegalArgumentException e) {
            hub.lines().warn(LOG, node, "a message for other nodes cannot be sent", e);
            return null;
        }
    }

    @Override
    public Registration subscribe(Listener newListener) {
        listener = newListener;
        hub.hear(mine, this);
        hub.hear(everybody, this);
        return () -> listener = null;
    }

    @Override
    public CompletionStage<Integer> others() {
        CompletableFuture<Integer> others = new CompletableFuture<>();
        whenHeard(
                () -> hub.listeners(everybody).whenComplete((all, failure) -> {
                    if (failure != null) {
                        others.completeExceptionally(failure);
                    } else {
                        others.complete((int) Math.min(Integer.MAX_VALUE, Math.max(0, all - 1)));
                    }
                }),
                () -> others.completeExceptionally(
                        new BackendUnavailableException("the bus does not hear Redis", null)));
        return others;
    }

    @Override
    public CompletionStage<Set<String>> hearing(Set<String> nodes) {
        Set<String> hearing = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (String other : nodes) {
            if (Channels.isPart(other)) {
                asked.add(hub.listeners(hub.channels().node(namespace, other))
                        .thenAccept(listeners -> {
                            if (listeners > 0) {
                                hearing.add(other);
                            }
                        })
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> Set.copyOf(hearing));
    }

    private void whenHeard(Runnable go, Runnable giveUp) {
        synchronized (this) {
            if (heard.size() < 2) {
                if (waiting.size() < MAX_WAITING && !closed) {
                    waiting.addLast(new Waiting(go, giveUp, System.nanoTime()));
                    return;
                }
                go = giveUp;
            }
        }
        go.run();
    }

    /** Redis has confirmed a channel. */
    void subscribed(String channel) {
        List<Waiting> ready;
        boolean greet;
        synchronized (this) {
            heard.add(channel);
            if (heard.size() < 2 || closed) {
                return;
            }
            ready = new ArrayList<>(waiting);
            waiting.clear();
            greet = !greeted;
            greeted = true;
        }
        if (greet) {
            hub.publish(everybody, codec.encode(node, namespace, MessageType.INITIAL_HEARTBEAT));
        }
        ready.forEach(one -> (one.isLate() ? one.giveUp() : one.go()).run());
    }

    synchronized void deaf(String channel) {
        heard.remove(channel);
    }

    /** Gives up what has waited too long. */
    void tick() {
        List<Waiting> late = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty() && waiting.peekFirst().isLate()) {
                late.add(waiting.removeFirst());
            }
        }
        late.forEach(one -> one.giveUp().run());
    }

    void heard(byte[] payload) {
        BusCodec.Heard message = codec.decode(payload);
        if (message == null
                || message.from().equals(node)
                || !message.namespace().equals(namespace)) {
            return;
        }
        if (!Channels.isPart(message.from())) {
            hub.lines().warn(LOG, "", "a message of a node that cannot be answered was left out: its name holds a '#'");
            return;
        }
        BusMessage content = message.message();
        if (content == null) {
            if (message.type() == MessageType.INITIAL_HEARTBEAT) {
                hub.publish(everybody, codec.encode(node, namespace, MessageType.HEARTBEAT));
            }
            return;
        }
        Listener current = listener;
        if (current == null) {
            return;
        }
        synchronized (turn) {
            try {
                current.message(message.from(), content);
            } catch (RuntimeException e) {
                hub.lines().error(LOG, message.from(), "a message of another node failed; the bus goes on", e);
            }
        }
    }

    @Override
    public void close() {
        List<Waiting> never;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            never = new ArrayList<>(waiting);
            waiting.clear();
        }
        listener = null;
        hub.publish(everybody, codec.encode(node, namespace, MessageType.ADAPTER_CLOSE));
        hub.ignore(everybody, this);
        hub.ignore(mine, this);
        never.forEach(one -> one.giveUp().run());
    }
}
