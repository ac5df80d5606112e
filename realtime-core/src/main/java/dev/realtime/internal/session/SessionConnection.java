package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.transport.OpeningRequest;

/** A session's way to its client: the connection that it may share with sessions of other namespaces. Thread-safe. */
public interface SessionConnection {

    /** What waits for the connection; the same for its whole life. */
    Outbox outbox();

    /** Puts a message into the outbox; it leaves with {@link #flush()}. */
    default void send(OutboundMessage message) {
        outbox().offer(message);
    }

    default void flush() {
        outbox().flush();
    }

    /**
     * An event is about to be handled on the thread that reads: what its handler sends leaves with {@link #flush()} at the end of the read, or before.
     *
     * @param now by the monotonic clock
     */
    void handlesHere(long now);

    /** It has been handled, or waits for its turn. */
    void handledHere();

    /** Runs the task when all that was sent has left; never, if the connection ends before. */
    default void whenSent(Runnable task) {
        outbox().whenEmpty(task);
    }

    /**
     * The session lives here from now on.
     *
     * @param first runs before the connection can report anything to the session
     * @return false, without running it, when the connection has ended already
     */
    boolean attach(LocalSession session, Runnable first);

    /** The session has left; the connection and its other sessions go on. */
    void detach(LocalSession session);

    /** Ends all sessions of the connection with a goodbye, then closes it. */
    void dismiss();

    /** The session {@linkplain SessionInbox#isFull() has become full}, or has room again. */
    void roomChanged(LocalSession session);

    /** Whether it has ended: whoever has come on it is not there any more. */
    boolean isGone();

    /** Closes the connection with all its sessions. */
    void close(DisconnectReason reason);

    /** The request that opened it. */
    OpeningRequest request();

    /** Of the address that it comes from. */
    HandlerShares.Share share();

    /** {@code websocket} or {@code polling}. */
    String transport();
}
