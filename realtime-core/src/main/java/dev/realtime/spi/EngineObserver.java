package dev.realtime.spi;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.Session;
import dev.realtime.Stats;
import org.jspecify.annotations.Nullable;

/**
 * Is told what the {@linkplain Stats counters} of an engine cannot say: which contract something belongs to, and how long it takes. It is what
 * metrics are made of; {@code realtime-micrometer} has one for Micrometer. An engine that nobody {@linkplain Realtime#observe observes} spends a
 * look at one field on it.
 *
 * <p>Every method does nothing unless it is overridden, so an observer says what it wants by overriding. They are called on the engine's own
 * threads, those of the hot path among them, by several at once, and without locks: they return at once and do not block. What they throw is
 * counted ({@code observers.failed}), logged, and goes no further. Nothing is allocated for a call.
 *
 * <p>Events are named as the application's contracts name them. Where there is no contract the name is null: what a client makes up is told to
 * nobody. Times are in nanoseconds of the engine's clock.
 */
public interface EngineObserver {

    /** How a handler ended. */
    enum Outcome {
        /** It returned, or its stage completed. */
        HANDLED,
        /** It threw an {@link EventRefusedException}, or what stands for one. */
        REFUSED,
        /** It threw anything else, or its reply cannot be sent. */
        FAILED
    }

    /** In place of a time that was not taken. */
    long NOT_TIMED = -1;

    /**
     * Whether an event of a client that has come is to be timed. Reading the clock is most of what observing costs: whoever has seen enough of a contract says no.
     *
     * @param event the name of the contract; null if there is none
     * @return default true; if false the event is told of as any other, without a time
     */
    default boolean times(@Nullable String event) {
        return true;
    }

    /**
     * An event of a client has come to its turn; nothing has been judged yet.
     *
     * @param event the name of the contract; null if there is none
     */
    default void received(Session session, @Nullable String event) {}

    /**
     * The client of a session has gone. The session waits for it, or has ended: {@link Session#isClosed()}. Told again when a session that has waited ends.
     *
     * @param reason of the loss, or of the end
     */
    default void left(Session session, DisconnectReason reason) {}

    /**
     * The handler of an event or a request has ended: interceptors and the gates before them are not part of it. One that answers by a stage ends with the
     * stage; one that acknowledges by itself when it returns.
     *
     * @param event the name of the contract
     * @param nanos or {@link #NOT_TIMED}
     */
    default void handled(String event, Outcome outcome, long nanos) {}

    /**
     * An event of a client was refused: by a limit, by a check, or by its handler.
     *
     * @param event the name of the contract; null if there is none
     * @param code why: that of an {@link ErrorCode}, or the application's own of an {@link EventRefusedException}
     */
    default void refused(@Nullable String event, String code) {}

    /**
     * A client's request that is {@linkplain #times timed} was acknowledged, with a reply or a refusal: the answer is on its way to the transport.
     *
     * @param event the name of the contract; null if there is none
     * @param nanos since the mailbox of the session came to the request
     */
    default void acknowledged(@Nullable String event, long nanos) {}

    /**
     * A client has answered a question of the application.
     *
     * @param event the name of the contract
     * @param nanos since the application asked
     */
    default void answered(String event, long nanos) {}

    /**
     * The application emits an event on this node, to whomever.
     *
     * @param event the name of the contract
     * @param mayBeLost whether it is volatile
     */
    default void emitted(String event, boolean mayBeLost) {}

    /**
     * An event has its place in the log. One append of a namespace is timed at a time, and the next when that has its place: often enough to see how
     * fast the log is, and no work for all the others.
     *
     * @param nanos since it was appended
     */
    default void appended(long nanos) {}

    /**
     * A batch of a log's entries meets its recipients on this node.
     *
     * @param entries at least one
     * @param millis how long the first of them has been in the log, by the log's own clock: how far this node is behind
     */
    default void followed(int entries, long millis) {}

    /**
     * A client has answered a heartbeat.
     *
     * @param nanos since the ping was sent; how far away the client is, and how busy
     */
    default void ponged(long nanos) {}

    /**
     * A write leaves for a client.
     *
     * @param frames that leave together, at least one
     * @param bytes of all of them
     */
    default void wrote(int frames, int bytes) {}
}
