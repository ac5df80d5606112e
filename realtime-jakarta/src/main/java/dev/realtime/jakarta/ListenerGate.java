package dev.realtime.jakarta;

import dev.realtime.spi.ConnectionListener;
import jakarta.websocket.CloseReason;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the promise of {@link ConnectionListener} that its methods are called one at a time, {@code closed} once and last. The
 * container delivers messages on one thread at a time, but a connection may end on any other, and also while a message is being
 * delivered. No lock: whoever delivers at that moment reports the end afterwards.
 */
final class ListenerGate {
    private enum State {
        IDLE,
        DELIVERING,
        ENDING,
        ENDED
    }

    /** Delivering from the start: nothing reaches the listener before it is known. */
    private final AtomicReference<State> state = new AtomicReference<>(State.DELIVERING);

    private volatile @Nullable ConnectionListener listener;
    private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();

    void open(ConnectionListener opened) {
        listener = opened;
        release();
    }

    /** Called by the container's reading thread; does nothing once the connection has ended. */
    void deliver(Consumer<ConnectionListener> message) {
        ConnectionListener current = listener;
        if (current != null && state.compareAndSet(State.IDLE, State.DELIVERING)) {
            try {
                message.accept(current);
            } finally {
                release();
            }
        }
    }

    /** Reports the end, unless it has been reported. True for the call that decided it. */
    boolean end(CloseReason why) {
        if (!reason.compareAndSet(null, why)) {
            return false;
        }
        State before = state.getAndUpdate(now -> now == State.IDLE ? State.ENDED : State.ENDING);
        if (before == State.IDLE) {
            report();
        }
        return true;
    }

    int maxMessage() {
        ConnectionListener current = listener;
        return current == null ? Integer.MAX_VALUE : current.maxMessage();
    }

    boolean hasEnded() {
        return reason.get() != null;
    }

    private void release() {
        if (!state.compareAndSet(State.DELIVERING, State.IDLE)) {
            state.set(State.ENDED);
            report();
        }
    }

    private void report() {
        ConnectionListener current = listener;
        CloseReason why = reason.get();
        if (current != null && why != null) {
            String phrase = why.getReasonPhrase();
            current.closed(why.getCloseCode().getCode(), phrase == null ? "" : phrase);
        }
    }
}
