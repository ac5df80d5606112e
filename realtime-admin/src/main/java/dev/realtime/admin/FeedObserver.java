package dev.realtime.admin;

import dev.realtime.DisconnectReason;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.VolatileAudience;
import dev.realtime.spi.EngineObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a node between two looks: which events clients send, and why they leave. Events are told by the names of their contracts, without what is in them; of those that no contract
 * names nobody is told. What is kept until the next look is bounded. Called on the engine's threads.
 */
final class FeedObserver implements EngineObserver {
    private static final int MOST_REASONS = 1_000;

    private final Realtime realtime;
    private final int mostEvents;
    private final String own;
    private final LongAdder frames = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean full; // then nothing is waited for where events are handled
    private List<AdminEvents.Received> events = new ArrayList<>(); // guarded by this
    private Map<String, String> reasons = new HashMap<>(); // by session; guarded by this

    FeedObserver(Realtime realtime, AdminOptions options) {
        this.realtime = realtime;
        this.mostEvents = options.isSummaryOnly() ? 0 : options.maxEventsPerSecond();
        this.own = options.namespace();
    }

    /** @param frames and {@code bytes} since it was asked last */
    record Written(long frames, long bytes) {}

    @Override
    public boolean times(@Nullable String event) {
        return false;
    }

    @Override
    public void received(Session session, @Nullable String event) {
        if (event == null || mostEvents == 0 || full) {
            return;
        }
        String namespace = session.namespace().name();
        if (namespace.equals(own)) {
            return;
        }
        synchronized (this) {
            if (events.size() < mostEvents) {
                events.add(new AdminEvents.Received(namespace, session.id(), List.of(event), now().toString()));
                full = events.size() == mostEvents;
            }
        }
    }

    @Override
    public synchronized void left(Session session, DisconnectReason reason) {
        if (reasons.size() < MOST_REASONS) {
            reasons.put(session.id(), reason.code());
        }
    }

    @Override
    public void wrote(int written, int size) {
        frames.add(written);
        bytes.add(size);
    }

    Written written() {
        return new Written(frames.sumThenReset(), bytes.sumThenReset());
    }

    /** Why clients have left, by session, since it was asked last. */
    synchronized Map<String, String> reasons() {
        Map<String, String> since = reasons;
        reasons = new HashMap<>();
        return since;
    }

    /** Tells administrators what clients have sent, those clients that they know of. */
    void tell(int most, SocketWatch known, VolatileAudience admins) {
        List<AdminEvents.Received> since;
        synchronized (this) {
            since = events;
            events = new ArrayList<>();
            full = false;
        }
        int told = 0;
        for (AdminEvents.Received event : since) {
            if (told < most && known.knows(event.id())) {
                told++;
                admins.emit(AdminEvents.EVENT_RECEIVED, event);
            }
        }
    }

    private Instant now() {
        return realtime.clock().instant();
    }
}
