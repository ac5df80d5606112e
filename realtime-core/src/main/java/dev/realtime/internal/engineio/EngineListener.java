package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import java.util.concurrent.CompletionStage;

/** Who speaks over an {@link EngineSocket}. Called by one thread at a time, but for {@link #closed}. */
public interface EngineListener {

    /**
     * A text message.
     *
     * @param raw the Engine.IO packet
     * @param from where in it the message begins
     */
    void text(String raw, int from);

    void binary(byte[] message);

    /** The transport has nothing more to hand on of what it has read. */
    void readComplete();

    /** How large a message may be that begins now. */
    int maxMessage();

    /** Whether so much waits to be handled that nothing more is to be read. From any thread; see {@link EngineSocket#roomChanged}. */
    boolean isFull();

    /** A ping is about to leave, the only one on its way: {@link #ponged} is called for it. */
    void pinging();

    /** A ping leaves, also to a client that is not read: it is taken for alive. */
    void beating();

    /** The pong came. */
    void ponged();

    /** A reliable message was dropped, because the client did not read and the application chose so. From any thread. */
    void lostReliable();

    /**
     * The node stops, and the client is about to be asked to come back elsewhere: nothing more is taken from it. From any thread.
     *
     * @return completes when what it had sent is handled and answered, and whoever takes over finds what became of it
     */
    CompletionStage<Void> leaving();

    /** The socket has ended; called once. */
    void closed(DisconnectReason reason);
}
