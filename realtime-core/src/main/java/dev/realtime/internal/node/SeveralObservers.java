package dev.realtime.internal.node;

import dev.realtime.DisconnectReason;
import dev.realtime.Session;
import dev.realtime.spi.EngineObserver;
import org.jspecify.annotations.Nullable;

/** Tells each of them. */
final class SeveralObservers implements EngineObserver {
    private final EngineObserver[] all;

    SeveralObservers(EngineObserver[] all) {
        this.all = all;
    }

    @Override
    public boolean times(@Nullable String event) {
        boolean timed = false;
        for (EngineObserver each : all) {
            timed |= each.times(event);
        }
        return timed;
    }

    @Override
    public void received(Session session, @Nullable String event) {
        for (EngineObserver each : all) {
            each.received(session, event);
        }
    }

    @Override
    public void left(Session session, DisconnectReason reason) {
        for (EngineObserver each : all) {
            each.left(session, reason);
        }
    }

    @Override
    public void handled(String event, Outcome outcome, long nanos) {
        for (EngineObserver each : all) {
            each.handled(event, outcome, nanos);
        }
    }

    @Override
    public void refused(@Nullable String event, String code) {
        for (EngineObserver each : all) {
            each.refused(event, code);
        }
    }

    @Override
    public void acknowledged(@Nullable String event, long nanos) {
        for (EngineObserver each : all) {
            each.acknowledged(event, nanos);
        }
    }

    @Override
    public void answered(String event, long nanos) {
        for (EngineObserver each : all) {
            each.answered(event, nanos);
        }
    }

    @Override
    public void emitted(String event, boolean mayBeLost) {
        for (EngineObserver each : all) {
            each.emitted(event, mayBeLost);
        }
    }

    @Override
    public void appended(long nanos) {
        for (EngineObserver each : all) {
            each.appended(nanos);
        }
    }

    @Override
    public void followed(int entries, long millis) {
        for (EngineObserver each : all) {
            each.followed(entries, millis);
        }
    }

    @Override
    public void ponged(long nanos) {
        for (EngineObserver each : all) {
            each.ponged(nanos);
        }
    }

    @Override
    public void wrote(int frames, int bytes) {
        for (EngineObserver each : all) {
            each.wrote(frames, bytes);
        }
    }
}
