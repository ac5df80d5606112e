package dev.realtime.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Holds the record of every session, live or suspended, by its private id. Ownership is fenced: each {@link #claim} raises the
 * record's fence, and whoever holds an older one can no longer change it. Thread-safe; no method blocks.
 */
public interface SessionStore {

    /**
     * Writes a record that must not have a smaller fence than the stored one, nor the same as another node's. Completes exceptionally with
     * {@link FencedException} when it has: somebody else owns the session now.
     *
     * @param timeToLive after which the store may forget the record unless it is written again
     */
    CompletionStage<Void> save(SessionRecord session, Duration timeToLive);

    /** Looks at a record without touching it; empty when there is none. */
    CompletionStage<Optional<SessionRecord>> find(String privateId);

    /**
     * Atomically takes the session over for {@code node}, to which its client has come: the stored record gets this node and a fence one
     * higher. Of several claims at once each gets a different fence; the highest owns the session. What the client {@linkplain Claimant#refusal may not
     * have} is not touched: a stolen private id disturbs nobody.
     */
    CompletionStage<Claim> claim(String privateId, String node, Claimant client);

    /**
     * Takes the session over for {@code node} in the same way, from a home that is dead: only if the session is still at home there at that moment. Empty
     * when its client, or whoever else was faster, has taken it to another node.
     *
     * @param from the home that it is taken from
     */
    CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node);

    /**
     * Removes a record unless somebody else owns it by now: with a higher fence, or with the same as another node, after a store has lost a claim.
     *
     * @param home as its owner knows it
     */
    CompletionStage<Removal> remove(String privateId, Home home);

    /** Some of the records whose home is this node, at most {@code limit}; empty when there are none. Touches none. */
    CompletionStage<List<SessionRecord>> homedAt(String node, int limit);

    /** What a client's claim has come to. */
    sealed interface Claim {
        /**
         * The session is the node's.
         *
         * @param session the record as it is now
         * @param formerHome where it was at home; a node without a name if a server of another kind had it
         * @param left how much longer the store keeps the record unless it is written again: as long as before the claim
         */
        record Granted(SessionRecord session, Home formerHome, Duration left) implements Claim {}

        /** The namespace has no such session. */
        record Unknown() implements Claim {}

        /** The session is another user's. */
        record Refused() implements Claim {}
    }

    /**
     * What became of a record that its owner wanted to remove.
     *
     * @param outcome whose it was
     * @param holder for {@link Outcome#ELSEWHERE}, who has it, as it was in the moment of the attempt; null when it has ended there
     */
    record Removal(Outcome outcome, @Nullable Home holder) {
        public static final Removal REMOVED = new Removal(Outcome.REMOVED, null);
        public static final Removal FORGOTTEN = new Removal(Outcome.FORGOTTEN, null);
        public static final Removal FOREIGN = new Removal(Outcome.FOREIGN, null);

        /** Of a session that has been claimed with a higher fence. */
        public static Removal elsewhere(@Nullable Home holder) {
            return new Removal(Outcome.ELSEWHERE, holder);
        }

        /** Whose a record was. */
        public enum Outcome {
            /** It is gone by this owner's hand, now or earlier. */
            REMOVED,
            /** The store knows nothing of it: it was never written, its time was over, or the store has lost it. Nobody else had it. */
            FORGOTTEN,
            /** Somebody with a later claim has it, or had it: another node, or the same one. */
            ELSEWHERE,
            /**
             * A server of another kind has taken it from this owner. Such a server tells nobody here of the end, so for this owner it is one; if
             * it comes back from there, it begins once more.
             */
            FOREIGN
        }
    }

    /** The session belongs to another node by now. */
    final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public FencedException(long fence) {
            super("the session was claimed by another owner; fence " + fence + " is over");
        }
    }
}
