package dev.realtime.internal.node;

import dev.realtime.DisconnectReason;
import dev.realtime.Session;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.EngineObserver;
import org.jspecify.annotations.Nullable;

/** An observer of the application's: what it throws is counted, and the engine goes on. */
final class GuardedObserver implements EngineObserver {
    private final EngineObserver observer;
    private final Counters counters;
    private final BoundedLog lines;

    GuardedObserver(EngineObserver observer, Counters counters, BoundedLog lines) {
        this.observer = observer;
        this.counters = counters;
        this.lines = lines;
    }

    private void failed(Throwable failure) {
        counters.observerFailed(observer, failure, lines);
    }

    @Override
    public boolean times(@Nullable String event) {
        try {
            return observer.times(event);
        } catch (RuntimeException | Error e) {
            failed(e);
            return false;
        }
    }

    @Override
    public void received(Session session, @Nullable String event) {
        try {
            observer.received(session, event);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void left(Session session, DisconnectReason reason) {
        try {
            observer.left(session, reason);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void handled(String event, Outcome outcome, long nanos) {
        try {
            observer.handled(event, outcome, nanos);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void refused(@Nullable String event, String code) {
        try {
            observer.refused(event, code);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void acknowledged(@Nullable String event, long nanos) {
        try {
            observer.acknowledged(event, nanos);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void answered(String event, long nanos) {
        try {
            observer.answered(event, nanos);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void emitted(String event, boolean mayBeLost) {
        try {
            observer.emitted(event, mayBeLost);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void appended(long nanos) {
        try {
            observer.appended(nanos);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void followed(int entries, long millis) {
        try {
            observer.followed(entries, millis);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void ponged(long nanos) {
        try {
            observer.ponged(nanos);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    @Override
    public void wrote(int frames, int bytes) {
        try {
            observer.wrote(frames, bytes);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }
}
