package dev.realtime.spi;

import java.util.List;

/**
 * The writing side of one message connection (a WebSocket), implemented by a transport. All methods may be called from any thread
 * and never block.
 */
public interface Connection {

    /**
     * Writes the frames, in order, as one batch: as few system calls as the transport can manage. The engine never starts a
     * write before the previous one has ended, so an implementation needs no queue of its own.
     *
     * @param batch at least one frame; valid only during the call
     * @return true when the batch has been taken by the operating system in full before this call returned; {@code listener} is
     *     then not called. False when it ends later: {@code listener} is called exactly once, from any thread.
     */
    boolean write(List<Frame> batch, WriteListener listener);

    /**
     * Says goodbye: a close frame behind what is already written, then the socket is closed when the peer answers or after a few
     * seconds at the latest. Returns at once, also when the peer has stalled.
     *
     * @param code an RFC 6455 close code
     * @param reason at most 123 bytes of UTF-8, safe to be seen by the client
     */
    void close(int code, String reason);

    /**
     * Stops handing messages to the listener, because the client sends faster than its events are handled: from the next message on they stay
     * in the socket, and in the end with the client. What ends while nothing is read may be reported late; {@link #close} and
     * {@link #terminate} work as ever. Calling it twice changes nothing.
     *
     * @return false when the transport has no way to stop: it goes on, and the engine bounds what it takes in by ending the client
     */
    boolean pauseReading();

    /** Hands over messages again, those first that waited, from any thread. Calling it twice, or after the end, changes nothing. */
    void resumeReading();

    /** Releases the socket now, whatever is pending; a stalled peer cannot prevent it. */
    void terminate();

    /** How a batch ended. */
    interface WriteListener {
        void written();

        void failed(Throwable cause);
    }
}
