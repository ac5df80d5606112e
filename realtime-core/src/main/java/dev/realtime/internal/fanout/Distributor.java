package dev.realtime.internal.fanout;

import dev.realtime.Position;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.CommonDelivery;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Target;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one log entry, or of one volatile event, to its recipients. Knows how far the log has come: that is the offset which volatile events
 * carry. Used in the fan-out's turn only, but for {@link #position()}.
 *
 * @param <M> the recipients
 */
final class Distributor<M extends Recipient> {
    private static final Logger LOG = LoggerFactory.getLogger(Distributor.class);

    private final NodeRuntime runtime;
    private final EventMessages messages;
    private final PacketEncoder encoder;
    private final RoomIndex<M> index;
    private final boolean offsets;
    private final LongSupplier logClock;
    private final Consumer<VolatileEmit> abroad;
    private final UnflushedRecipients<M> unflushed;
    private final @Nullable HeldRecipients<M> held; // null: no event is batched
    private final @Nullable ThrottledRecipients<M> throttled; // null: no event is throttled
    private volatile Position position;
    private NoteReader notes = (at, note) -> null;
    private PartChooser<? super M> parts = (recipient, at, event, his) -> his;
    private HeaderReader headers = (at, emit) -> {};
    private @Nullable String stamp; // the position as text, once somebody has asked for it

    /**
     * @param from where the log is followed from
     * @param logClock see {@link dev.realtime.spi.Log#now}
     * @param abroad told of each volatile event of this node, for the other nodes
     * @param throttling null: no event is throttled
     * @param turn runs tasks in the fan-out's turn
     */
    Distributor(
            NodeRuntime runtime,
            EventMessages messages,
            RoomIndex<M> index,
            Position from,
            LongSupplier logClock,
            Consumer<VolatileEmit> abroad,
            UnflushedRecipients<M> unflushed,
            @Nullable HeldRecipients<M> held,
            @Nullable Throttling<M> throttling,
            Executor turn) {
        this.runtime = runtime;
        this.messages = messages;
        this.encoder = messages.encoder();
        this.index = index;
        this.position = from;
        this.offsets = messages.withOffsets();
        this.logClock = logClock;
        this.abroad = abroad;
        this.unflushed = unflushed;
        this.held = held;
        this.throttled = throttling == null
                ? null
                : new ThrottledRecipients<>(throttling, index, runtime, turn, unflushed, this::deliver);
    }

    /** Who reads notes from now on. */
    void notesTo(NoteReader reader) {
        notes = reader;
    }

    /** Who says from now on what a recipient is told of an event in parts. */
    void partsBy(PartChooser<? super M> chooser) {
        parts = chooser;
    }

    /** Who reads the headers of events from now on. */
    void headersTo(HeaderReader reader) {
        headers = reader;
    }

    /** Everything up to here has met its recipients. From any thread. */
    Position position() {
        return position;
    }

    /** Takes an entry to its recipients. What fails for all of them makes them come back for it. */
    void distribute(PlacedEntry placed, RecentLog recent) {
        Position at = placed.position();
        LogEntry entry = placed.entry();
        if (entry instanceof LogEntry.Note note) {
            distribute(at, note, recent);
        } else {
            try {
                if (isHere(entry.target())) {
                    distribute(placed, entry, recent);
                }
                if (offsets && !(entry instanceof LogEntry.Emit)) {
                    recent.add(placed);
                }
            } catch (RuntimeException | Error e) {
                failed(entry, at, e);
            }
        }
        passed(at);
    }

    /** Notes that everything up to here has met its recipients. */
    void passed(Position at) {
        position = at;
        stamp = null;
        index.passed(at);
    }

    private boolean isHere(Target target) {
        String node = target.node();
        return node == null || node.equals(runtime.node());
    }

    private void distribute(Position at, LogEntry.Note note, RecentLog recent) {
        PartedEvent event;
        try {
            event = notes.read(at, note);
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "the note at {} could not be read; the fan-out goes on", at, e);
            return;
        }
        if (event != null) {
            try {
                distributeParts(new Delivery(at, event), recent);
            } catch (RuntimeException | Error e) {
                failed(event.target(), at, e, Recipient::missed);
            }
        }
    }

    private void distribute(PlacedEntry placed, LogEntry entry, RecentLog recent) {
        Position at = placed.position();
        if (entry instanceof LogEntry.Emit emit) {
            distribute(placed, emit, recent);
        } else if (entry instanceof LogEntry.Join join) {
            change(join.target(), at, member -> member.joinAt(join.rooms(), at));
        } else if (entry instanceof LogEntry.Leave leave) {
            change(leave.target(), at, member -> member.leaveAt(leave.rooms(), at));
        } else if (entry instanceof LogEntry.Disconnect disconnect) {
            change(disconnect.target(), at, member -> member.disconnectAt(disconnect.closeConnection()));
        }
    }

    /** Does something to each of an audience; for whom it fails begins afresh. */
    private void change(Target target, Position at, Consumer<M> change) {
        index.forEach(target, at, member -> {
            try {
                change.accept(member);
            } catch (RuntimeException | Error e) {
                failed(member, at, e, Recipient::lost);
            }
        });
    }

    private void distribute(PlacedEntry placed, LogEntry.Emit emit, RecentLog recent) {
        EventTerms terms = emit.terms();
        long expiry = terms.expiry(placed.at());
        if (expiry != Delivery.NEVER && expiry <= logClock.getAsLong()) {
            runtime.counters().count(Counters.Name.EVENTS_EXPIRED);
            return; // its position is passed like any other, so nobody takes it for a gap
        }
        distribute(new Delivery(placed.position(), emit.target(), emit.event(), expiry), recent);
        if (!terms.headers().isEmpty()) {
            tellOfHeaders(placed.position(), emit);
        }
    }

    private void tellOfHeaders(Position at, LogEntry.Emit emit) {
        try {
            headers.delivered(at, emit);
        } catch (RuntimeException | Error e) { // the event has been delivered
            runtime.lines().error(LOG, runtime.node(), "nobody could be told of the headers of the event at {}", at, e);
        }
    }

    private void distributeParts(Delivery delivery, RecentLog recent) {
        if (offsets) {
            recent.add(delivery);
        }
        index.forEach(delivery.target(), delivery.position(), member -> {
            OutboundMessage message = delivery.message(member, messages, parts);
            if (message != null) {
                deliver(member, message);
            }
        });
    }

    private void distribute(Delivery delivery, RecentLog recent) {
        if (offsets) {
            recent.add(delivery);
        }
        if (held == null) {
            index.deliver(delivery.target(), delivery.position(), new Common(delivery));
        } else {
            long left = left(delivery);
            index.forEach(
                    delivery.target(),
                    delivery.position(),
                    member -> deliver(member, delivery.message(messages), held, left));
        }
    }

    /** What an entry says may not have reached everybody whom it is for, and what comes behind it would not tell. */
    private void failed(LogEntry entry, Position at, Throwable cause) {
        failed(entry.target(), at, cause, entry instanceof LogEntry.Emit ? Recipient::missed : Recipient::lost);
    }

    private void failed(Target target, Position at, Throwable cause, BiConsumer<? super M, Throwable> told) {
        try {
            index.forEach(target, at, member -> failed(member, at, cause, told));
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "the recipients of the entry at {} could not be found", at, e);
        }
    }

    private void failed(M member, Position at, Throwable cause, BiConsumer<? super M, Throwable> told) {
        runtime.lines().error(LOG, runtime.node(), "the entry at {} failed; a recipient has to come back", at, cause);
        try {
            told.accept(member, cause);
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, runtime.node(), "a recipient could not be sent to come back", e);
        }
    }

    /** An event that is the same for all. */
    private final class Common implements CommonDelivery<M> {
        private final Delivery delivery;

        Common(Delivery delivery) {
            this.delivery = delivery;
        }

        @Override
        public OutboundMessage message() {
            return delivery.message(messages);
        }

        @Override
        public void to(M member) {
            deliver(member, message());
        }

        @Override
        public void toLaggards(int members) {
            unflushed.count(members);
        }

        @Override
        public void failed(Throwable cause) {
            Distributor.this.failed(cause);
        }
    }

    private void failed(Throwable cause) {
        runtime.lines().error(LOG, runtime.node(), "a recipient failed; the others are given the event", cause);
    }

    /** Of its life, in milliseconds. */
    private long left(Delivery delivery) {
        return delivery.expiry() == Delivery.NEVER ? Delivery.NEVER : delivery.expiry() - logClock.getAsLong();
    }

    private void deliver(M member, OutboundMessage message, HeldRecipients<M> batches, long left) {
        if (message.gathered() == null) {
            deliver(member, message);
        } else if (isTaken(member, message)) {
            batches.add(member, message.size(), left);
        }
    }

    /** Takes a volatile event to its recipients. */
    void distribute(VolatileEmit emit) {
        if (emit.own()) {
            abroad.accept(emit);
        }
        if (!isHere(emit.target())) {
            return;
        }
        VolatileDelivery event = new VolatileDelivery(emit, encoder);
        String key = emit.coalesceKey();
        if (throttled == null || key == null) {
            index.deliver(emit.target(), member -> deliver(member, event), this::failed);
        } else {
            throttled.distribute(event, key);
        }
    }

    private boolean deliver(M member, VolatileDelivery event) {
        return deliver(member, event.message(stamp()));
    }

    /** Gives everybody what waits for a tick. */
    void release() {
        if (held != null) {
            held.release();
        }
        if (throttled != null) {
            throttled.releaseAll();
        }
    }

    /** The offset of what is not in the log itself; null without recovery. */
    @Nullable
    String stamp() {
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

    /** Gives a message to a recipient, to be flushed at the end of the turn. Returns whether its client is there. */
    boolean deliver(M member, OutboundMessage message) {
        boolean taken = isTaken(member, message);
        if (taken) {
            unflushed.add(member);
        }
        return taken;
    }

    /** One that fails keeps the message from nobody else, and has to come back for it itself: what comes behind it would not tell of the gap. */
    private boolean isTaken(M member, OutboundMessage message) {
        try {
            return member.deliver(message);
        } catch (RuntimeException | Error e) {
            if (message.kind() == OutboundMessage.Kind.VOLATILE) {
                runtime.lines().error(LOG, runtime.node(), "a recipient could not be given a volatile event", e);
            } else {
                failed(member, position, e, Recipient::missed);
            }
            return false;
        }
    }
}
