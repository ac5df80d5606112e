package dev.realtime.internal.fanout;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Position;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place of a namespace where events meet their recipients. Log entries, volatile events and tasks take turns in one order, so
 * the position that a volatile event is stamped with is exactly how far its recipients have come.
 *
 * <p>A turn works off all that waits, then flushes each connection once: while the flushes of one batch keep the machine busy, the log
 * grows, and the next batch is larger. That is what keeps the number of system calls per event low under load, and adds nothing when
 * there is none.
 *
 * @param <M> the recipients
 */
public final class Fanout<M extends Recipient> {
    private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);
    /** Volatile events that may wait for their turn; more are dropped and counted. */
    private static final int VOLATILE_BACKLOG = 16_384;
    /** After so many items the turn is given back, so that namespaces share the workers. */
    private static final int ITEMS_PER_TURN = 1024;

    private final NodeContext context;
    private final PacketEncoder encoder;
    private final RoomIndex<M> index;
    private final ReplayWindow window;
    private final boolean offsets;
    private final @Nullable Duration tick;

    private final Object lock = new Object();
    // guarded by lock
    private ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int volatiles;
    private boolean scheduled;
    private final Map<TickKey, VolatileEmit> ticking = new LinkedHashMap<>();

    // used in turn only
    private final ArrayList<M> dirty = new ArrayList<>();
    private @Nullable String stamp;
    private long delivered;

    private volatile Position position;

    private record TickKey(Target target, String key) {}

    public Fanout(
            NodeContext context,
            PacketEncoder encoder,
            RoomIndex<M> index,
            Position from,
            Duration retention,
            @Nullable Duration tick) {
        this.context = context;
        this.encoder = encoder;
        this.index = index;
        this.offsets = context.recovery().isOn();
        this.window = new ReplayWindow(context.recovery(), retention.toNanos(), from);
        this.tick = tick;
        this.position = from;
    }

    /** Everything up to here has met its recipients. */
    public Position position() {
        return position;
    }

    /** A batch of the log; see {@link Log.Reader}. */
    public void entries(List<PlacedEntry> batch, Runnable done) {
        execute(() -> {
            for (PlacedEntry placed : batch) {
                handle(placed);
            }
            flush();
            done.run();
        });
    }

    /** Runs a task in turn with everything else. */
    public void execute(Runnable task) {
        boolean start;
        synchronized (lock) {
            waiting.addLast(task);
            start = !scheduled;
            scheduled = true;
        }
        if (start) {
            context.workers().execute(this::turn);
        }
    }

    /** Emits an event that may be lost; with a key and a tick, the latest of its key at the next tick. */
    public void emit(VolatileEmit emit) {
        if (tick != null && emit.coalesceKey() != null) {
            hold(tick, emit, new TickKey(emit.target(), emit.coalesceKey()));
            return;
        }
        synchronized (lock) {
            if (volatiles >= VOLATILE_BACKLOG) {
                context.counters().count(Counters.Name.VOLATILE_DROPPED);
                return;
            }
            volatiles++;
        }
        execute(() -> {
            synchronized (lock) {
                volatiles--;
            }
            handle(emit);
        });
    }

    private void hold(Duration pace, VolatileEmit emit, TickKey key) {
        boolean first;
        synchronized (lock) {
            if (ticking.size() >= VOLATILE_BACKLOG && !ticking.containsKey(key)) {
                context.counters().count(Counters.Name.VOLATILE_DROPPED);
                return;
            }
            first = ticking.isEmpty();
            ticking.put(key, emit);
        }
        if (first) {
            context.time().schedule(pace, this::ring);
        }
    }

    private void ring() {
        List<VolatileEmit> latest;
        synchronized (lock) {
            latest = new ArrayList<>(ticking.values());
            ticking.clear();
        }
        execute(() -> latest.forEach(this::handle));
    }

    private void turn() {
        for (int left = ITEMS_PER_TURN; ; left--) {
            Runnable item;
            synchronized (lock) {
                item = left > 0 ? waiting.pollFirst() : null;
                if (item == null && waiting.isEmpty() && dirty.isEmpty()) {
                    scheduled = false;
                    return;
                }
            }
            if (item == null) {
                flush();
                if (left <= 0) {
                    context.workers().execute(this::turn);
                    return;
                }
                left++;
                continue;
            }
            try {
                item.run();
            } catch (RuntimeException e) {
                LOG.error("an item of a fan-out failed; the fan-out goes on", e);
            }
        }
    }

    private void handle(PlacedEntry placed) {
        Position at = placed.position();
        try {
            LogEntry entry = placed.entry();
            if (isHere(entry.target())) {
                handle(at, entry);
            }
        } catch (RuntimeException e) {
            LOG.error("the entry at {} failed; the fan-out goes on", at, e);
        }
        position = at;
        stamp = null;
        index.passed(at);
    }

    private boolean isHere(Target target) {
        String node = target.node();
        return node == null || node.equals(context.node());
    }

    private void handle(Position at, LogEntry entry) {
        if (entry instanceof LogEntry.Emit emit) {
            Delivery delivery = new Delivery(at, emit);
            if (offsets) {
                window.add(delivery, context.time().nanoTime());
            }
            index.forEach(emit.target(), at, member -> deliver(member, delivery));
        } else if (entry instanceof LogEntry.Join join) {
            index.forEach(join.target(), at, member -> member.joinAt(join.rooms(), at));
        } else if (entry instanceof LogEntry.Leave leave) {
            index.forEach(leave.target(), at, member -> member.leaveAt(leave.rooms(), at));
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            index.forEach(disconnect.target(), at, member -> member.disconnectAt(disconnect.closeConnection()));
        }
    }

    private void handle(VolatileEmit emit) {
        if (!isHere(emit.target())) {
            return;
        }
        OutboundMessage[] message = new OutboundMessage[1];
        index.forEach(emit.target(), null, member -> {
            if (message[0] == null) {
                message[0] = OutboundMessage.volatileMessage(
                        encoder.event(emit.event().json(), emit.event().attachments(), -1, stamp()),
                        emit.coalesceKey());
            }
            deliver(member, message[0]);
        });
    }

    /** The offset of what is not in the log itself: how far this fan-out has come. In turn only. */
    public @Nullable String stamp() {
        if (!offsets) {
            return null;
        }
        String text = stamp;
        if (text == null) {
            text = position.toString();
            stamp = text;
        }
        return text;
    }

    private void deliver(M member, Delivery delivery) {
        deliver(member, delivery.message(encoder, offsets));
    }

    /** Gives a message to a recipient, to be flushed at the end of the turn. In turn only. */
    public boolean deliver(M member, OutboundMessage message) {
        if (!member.deliver(message)) {
            return false;
        }
        delivered++;
        if (member.markForFlush()) {
            dirty.add(member);
        }
        return true;
    }

    private void flush() {
        if (dirty.isEmpty()) {
            return;
        }
        for (M member : dirty) {
            member.flush();
        }
        dirty.clear();
        context.counters().count(Counters.Name.DELIVERIES, delivered);
        delivered = 0;
    }

    /**
     * What a session missed behind a position, as far as its rooms may tell; null when the window does not reach back so far. In turn
     * only.
     */
    public @Nullable List<Delivery> missed(Position after, Collection<String> rooms) {
        window.trim(context.time().nanoTime());
        return window.reaches(after) ? window.behind(after, rooms) : null;
    }

    /** Completes when all that waits now has had its turn. */
    public CompletionStage<Void> settled() {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        execute(() -> {
            flush();
            settled.complete(null);
        });
        return settled;
    }

    /** The encoder of this namespace. */
    public PacketEncoder encoder() {
        return encoder;
    }
}
