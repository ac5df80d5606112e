package dev.realtime.spi;

/**
 * The reading side of one message connection, implemented by the engine. A transport calls it from one thread at a time, in the
 * order of the wire. The methods return quickly and never throw: user code does not run here, a transport may call them on its
 * I/O thread.
 */
public interface ConnectionListener {

    /**
     * How large a message may be that begins now, in bytes: less than {@link TransportDoors#maxPayload()} until the client has a session. A
     * transport asks for each message, and ends the connection with close code 1009 when one is larger.
     */
    default int maxMessage() {
        return Integer.MAX_VALUE;
    }

    /** A whole text message. The transport has made sure that it is no longer than {@link TransportDoors#maxPayload()} bytes. */
    void text(String message);

    /** A whole binary message; the array belongs to the engine from now on. Limited like text. */
    void binary(byte[] message);

    /**
     * The transport has nothing more to deliver of what it has read from the socket. What handlers have sent on this thread meanwhile leaves now, in
     * one write. Called after every message, or once after several that came in one read; in any case before the thread does anything else, and before
     * a goodbye of the transport's own.
     */
    void readComplete();

    /**
     * The connection has ended, by either side; called exactly once, and nothing is called after it.
     *
     * @param code the RFC 6455 close code, 1006 when there was none
     */
    void closed(int code, String reason);
}
