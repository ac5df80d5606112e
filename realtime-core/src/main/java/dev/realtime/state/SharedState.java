package dev.realtime.state;

import dev.realtime.Session;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * One shared state: a value that all nodes read and write, whose versions reach the clients that watch it in order.
 *
 * <pre>{@code
 * SharedState<Board> board = realtime.namespace("/").state(BOARD).of(GAME.of("g7"));
 * board.update("ann", now -> now == null ? Board.empty() : now.with(move));
 * }</pre>
 *
 * <p>A stage that is about a change completes when the change has its place in the log, and so will reach everybody who watches. It completes on threads for handlers. It fails with a
 * {@link StateFailedException} if the backend does not answer: this node never pretends to have changed anything by itself.
 *
 * <p>Thread-safe; no method blocks.
 *
 * @param <T> the value
 */
public interface SharedState<T> {

    /** Returns the name of the state, or its room as {@code kind:name}. */
    String key();

    /** Reads the state from the store. */
    CompletionStage<StateValue<T>> read();

    /**
     * Writes a value if the state still has the version that the caller knows.
     *
     * @param expectedVersion of the state as it was read; 0 if there must be no value
     * @param by who changes it: what clients are told as {@code updatedBy}; at most 256 characters, may be empty
     * @return completes with what is there now, and whether it is what was to be written: a stale write is refused with the current version and value
     * @throws IllegalArgumentException if the value has no JSON form without binary parts, or is larger than {@link State#maxBytes}
     */
    CompletionStage<StateWrite<T>> compareAndSet(long expectedVersion, T value, String by);

    /**
     * Changes the state by a function of what is there, again if somebody else was faster, at most 16 times. The function runs on a thread for handlers, without any lock, and perhaps more than
     * once: it must have no effects of its own.
     *
     * @param by who changes it; at most 256 characters, may be empty
     * @param change gets the value, null if there is none. If it returns the same object nothing is changed; if it returns null the state is removed. What it throws the stage fails with: what it refuses,
     *     it refuses of the state as the store has it
     * @return completes with what is there then
     */
    CompletionStage<StateValue<T>> update(String by, UnaryOperator<T> change);

    /**
     * Removes the value. Whoever watches is told of it as of any other version, with a value of null.
     *
     * @param by who removes it; at most 256 characters, may be empty
     */
    CompletionStage<StateValue<T>> remove(String by);

    /**
     * Decides between copies of the state that have gone different ways, such as those that clients have kept while they were away, and the shared one. The contract's
     * {@linkplain State#authority authority} decides; without one, or if it does not know, the higher version, and of equal versions the one that was updated later. What holds becomes a new version
     * unless it is the shared state already, and whoever watches is told that a conflict was resolved.
     *
     * <p>A client can claim any version: without an authority do not pass on what clients say unchecked.
     *
     * @param copies at least one
     */
    CompletionStage<StateValue<T>> resolve(List<StateValue<T>> copies);

    /**
     * Lets a session's client see the state: it gets a snapshot if there is a value, and then each later version once and in order, as events. What it misses it gets when it
     * is resumed, like any other event, and no snapshot. A fresh session watches nothing. Does nothing if the session watches it already.
     *
     * @param session of this node, and of the namespace of this state
     * @return completes when the session watches; at once if it is closed
     * @throws IllegalArgumentException if it is a session of another namespace
     */
    CompletionStage<Void> watch(Session session);

    /**
     * Ends {@link #watch}.
     *
     * @param session of this node, and of the namespace of this state
     * @throws IllegalArgumentException if it is a session of another namespace
     */
    CompletionStage<Void> unwatch(Session session);
}
