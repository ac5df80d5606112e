package dev.realtime.internal.mail;

import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Queues.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Where the next message of a session comes from. Used by one step of its {@link MailCarrier} after the other. */
interface MailSource {

    /** The oldest that is left for the session: one or none, and when there may be another. */
    CompletionStage<Taken> next(String mailbox);

    /** It stays in the mailbox for now; the ones behind it are next. */
    void skip(Queued message);

    /** The session cannot have it. */
    void giveBack(String mailbox, Queued message);

    /** Each message goes to one session at a time, which holds it by a lease. Whatever becomes of that session, it is there for others when the lease is over. */
    final class Shared implements MailSource {
        private final Queues queues;
        private final String session;
        private final Duration lease;
        private final Runnable givenBack;
        private int round; // what was skipped in an earlier one is left alone until its lease is over

        /**
         * @param lease longer than a client may take to acknowledge a message
         * @param givenBack tells other sessions that there is a message for them
         */
        Shared(Queues queues, String session, Duration lease, Runnable givenBack) {
            this.queues = queues;
            this.session = session;
            this.lease = lease;
            this.givenBack = givenBack;
        }

        /** As whom it takes: the session, at whatever node it is. */
        private String owner() {
            return round == 0 ? session : session + ":" + round;
        }

        @Override
        public CompletionStage<Taken> next(String mailbox) {
            return queues.take(mailbox, 1, lease, owner());
        }

        @Override
        public void skip(Queued message) {
            round++;
        }

        @Override
        public void giveBack(String mailbox, Queued message) {
            queues.release(mailbox, List.of(message.id()), owner()).thenRun(givenBack);
        }
    }

    /** Each session that is there gets each message, until one has acknowledged it. */
    final class ForEach implements MailSource {
        private final Queues queues;
        private final Duration patience;
        private @Nullable String place; // of the last that was skipped; null: none is left alone
        private boolean ahead; // of some that were skipped

        /** @param patience after which what was skipped is tried again */
        ForEach(Queues queues, Duration patience) {
            this.queues = queues;
            this.patience = patience;
        }

        @Override
        public CompletionStage<Taken> next(String mailbox) {
            return queues.list(mailbox, place, 1).thenApply(page -> {
                boolean over = page.items().isEmpty();
                Instant again = over && ahead ? page.at().plus(patience) : null;
                if (over) {
                    place = null;
                    ahead = false;
                }
                return new Taken(page.items(), again, page.at());
            });
        }

        @Override
        public void skip(Queued message) {
            place = message.place();
            ahead = true;
        }

        @Override
        public void giveBack(String mailbox, Queued message) {
            place = null;
        }
    }
}
