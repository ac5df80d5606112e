package dev.realtime.internal.mail;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Queued;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the next message of a session comes from. What its client did not acknowledge comes again when there is nothing else for it, the one that was delivered first before the others: so it holds up
 * no other. Used by one step of its {@link MailCarrier} after the other.
 */
interface MailSource {

    /**
     * What a look has found.
     *
     * @param message null: none
     * @param again whether it is one that was delivered before, since there is nothing else
     * @param more whether there may be another at once, though it has found none
     * @param next when there may be another; null if nobody knows
     * @param at the store's clock
     */
    record Look(
            @Nullable Queued message,
            boolean again,
            boolean more,
            @Nullable Instant next,
            Instant at) {
        static Look found(Queued message, Instant at) {
            return new Look(message, false, true, at, at);
        }

        static Look again(Queued message, Instant at) {
            return new Look(message, true, true, at, at);
        }

        static Look passed(Instant at) {
            return new Look(null, false, true, at, at);
        }

        /** Of the message, in characters. */
        int size() {
            return message == null ? 0 : message.text().length();
        }

        static Look nothing(@Nullable Instant next, Instant at) {
            return new Look(null, false, false, next, at);
        }
    }

    /** Looks for the oldest that is left for the session. */
    CompletionStage<Look> next(String mailbox);

    /** Its client has come anew, and everything is new for it, also what it did not acknowledge before. Completes when that can be had. */
    CompletionStage<?> begin(String mailbox);

    /** Its client has gone. What it did not acknowledge others can have. */
    void leave(String mailbox);

    /** Its client did not acknowledge it. It stays in the mailbox. */
    void skip(Queued message);

    /** It is not in the mailbox any more. */
    void gone(Queued message);

    /**
     * The session cannot have it.
     *
     * @param gone whether its client has gone, and another one may be there
     */
    void giveBack(String mailbox, Queued message, boolean gone);

    /** Each message goes to one session at a time, which holds it by a lease. Whatever becomes of that session, it is there for others when the lease is over. */
    final class Shared implements MailSource {
        private final Queues queues;
        private final String name;
        private final Duration lease;
        private final Runnable givenBack;
        private final SkippedMail<String> skipped; // and under which name each is held, as long as its lease lasts
        private int round; // each message that is passed over is held under a name of its own
        private @Nullable Queued oldest; // of those that were passed over
        private String heldAs = ""; // the message that was found
        private String oldestAs = "";

        /**
         * @param name that nothing else has: not even the same session at another node, which may be giving back what this one has taken
         * @param lease longer than a client may take to acknowledge a message
         * @param most that it leaves alone at a time
         * @param givenBack tells other sessions that there is a message for them
         */
        Shared(Queues queues, String name, Duration lease, int most, Runnable givenBack) {
            this.queues = queues;
            this.name = name;
            this.lease = lease;
            this.skipped = new SkippedMail<>(most);
            this.givenBack = givenBack;
        }

        private String owner() {
            return name + ':' + round;
        }

        @Override
        public CompletionStage<Look> next(String mailbox) {
            String owner = owner();
            return queues.take(mailbox, 1, lease, owner).thenCompose(taken -> {
                Queued message = taken.items().isEmpty() ? null : taken.items().get(0);
                if (message == null) {
                    return oldest == null ? done(Look.nothing(taken.next(), taken.at())) : again(mailbox);
                }
                if (skipped.has(message)) {
                    passOver(message, owner);
                    return done(Look.passed(taken.at()));
                }
                heldAs = owner;
                oldest = null;
                return done(Look.found(message, taken.at()));
            });
        }

        @Override
        public CompletionStage<?> begin(String mailbox) {
            return giveBackSkipped(mailbox).handle((done, failure) -> true); // else their leases end some time
        }

        @Override
        public void leave(String mailbox) {
            if (skipped.oldest() != null) {
                var unused = giveBackSkipped(mailbox).thenRun(givenBack);
            }
        }

        private CompletionStage<Void> giveBackSkipped(String mailbox) {
            oldest = null;
            return CompletableFuture.allOf(skipped.takeAll().stream()
                    .map(one -> queues.release(mailbox, List.of(one.id()), one.value())
                            .toCompletableFuture())
                    .toArray(CompletableFuture[]::new));
        }

        private void passOver(Queued message, String owner) {
            round++;
            skipped.update(message, owner);
            if (oldest == null || skipped.isBefore(message, oldest)) {
                oldest = message;
                oldestAs = owner;
            }
        }

        /** There is nothing else: one that was passed over. Its lease begins anew. */
        private CompletionStage<Look> again(String mailbox) {
            heldAs = oldestAs;
            oldest = null;
            return queues.take(mailbox, 1, lease, heldAs)
                    .thenApply(taken -> taken.items().isEmpty()
                            ? Look.passed(taken.at())
                            : Look.again(taken.items().get(0), taken.at()));
        }

        private static CompletionStage<Look> done(Look look) {
            return CompletableFuture.completedFuture(look);
        }

        @Override
        public void skip(Queued message) {
            skipped.add(message, heldAs);
            round++;
        }

        @Override
        public void gone(Queued message) {
            skipped.remove(message.place());
        }

        @Override
        public void giveBack(String mailbox, Queued message, boolean gone) {
            CompletionStage<Void> released = queues.release(mailbox, List.of(message.id()), heldAs);
            if (gone) {
                released.thenRun(givenBack);
            }
        }
    }

    /** Each session that is there gets each message, until one has acknowledged it. */
    final class ForEach implements MailSource {
        private final Queues queues;
        private final Duration patience;
        private final SkippedMail<Instant> skipped; // and when each is tried again
        private @Nullable String place; // of the last that was skipped or passed over; null: none is left alone
        private Instant looked = Instant.MIN;

        /**
         * @param patience after which what was delivered is delivered again; longer than a client may take to acknowledge it
         * @param most that it leaves alone at a time
         */
        ForEach(Queues queues, Duration patience, int most) {
            this.queues = queues;
            this.patience = patience;
            this.skipped = new SkippedMail<>(most);
        }

        @Override
        public CompletionStage<Look> next(String mailbox) {
            return queues.list(mailbox, place, 1).thenCompose(page -> {
                boolean setBack = page.at().isBefore(looked);
                looked = page.at();
                if (setBack) {
                    place = null; // new ones may stand before it
                    return CompletableFuture.completedFuture(Look.passed(looked));
                }
                Queued message = page.items().isEmpty() ? null : page.items().get(0);
                if (message == null) {
                    return again(mailbox);
                }
                if (skipped.has(message)) {
                    place = message.place();
                    return CompletableFuture.completedFuture(Look.passed(page.at()));
                }
                return CompletableFuture.completedFuture(Look.found(message, page.at()));
            });
        }

        @Override
        public CompletionStage<?> begin(String mailbox) {
            skipped.takeAll();
            place = null;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void leave(String mailbox) {} // it holds nothing

        /** There is nothing else: one that was skipped, if it is time. */
        private CompletionStage<Look> again(String mailbox) {
            SkippedMail.Skipped<Instant> oldest = skipped.oldest();
            if (oldest == null) {
                place = null;
                return CompletableFuture.completedFuture(Look.nothing(null, looked));
            }
            Instant again = oldest.value();
            if (again.isAfter(looked) && !again.isAfter(looked.plus(patience))) { // else the clock was set back
                return CompletableFuture.completedFuture(Look.nothing(again, looked));
            }
            return queues.find(mailbox, List.of(oldest.id())).thenApply(page -> {
                Queued message = page.items().isEmpty() ? null : page.items().get(0);
                if (message == null || !message.place().equals(oldest.place())) {
                    skipped.remove(oldest.place());
                    return Look.passed(page.at());
                }
                return Look.again(message, page.at());
            });
        }

        @Override
        public void skip(Queued message) {
            if (!skipped.has(message)) {
                place = message.place();
            }
            if (skipped.add(message, looked.plus(patience))) {
                place = null;
            }
        }

        @Override
        public void gone(Queued message) {
            skipped.remove(message.place());
        }

        @Override
        public void giveBack(String mailbox, Queued message, boolean gone) {
            place = null;
        }
    }
}
