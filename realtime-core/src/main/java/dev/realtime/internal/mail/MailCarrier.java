package dev.realtime.internal.mail;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.ClientRequests.Receipt;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.mail.MailOptions;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Queues.Queued;
import dev.realtime.spi.Queues.Taken;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the messages of a user to one of the user's sessions, one after the other: gets the oldest from its {@link MailSource}, delivers it, and removes it when the client has acknowledged it. One
 * step follows the other, whatever comes in between; between two of them it rests, until something is said of new messages, or its timer wakes it. Thread-safe.
 */
final class MailCarrier {
    private static final Logger LOG = LoggerFactory.getLogger(MailCarrier.class);
    /** What the backend or a client did not take is tried again after that. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final LocalSession session;
    private final NamespaceMail mail;
    private final MailOptions options;
    private final NodeRuntime runtime;
    private final Queues queues;
    private final MailSource source;
    // guarded by this
    private @Nullable SessionConnection connection; // null while its client is not there
    private boolean ended;
    private boolean busy;
    private boolean wanted; // woken while it was busy
    private boolean arriving; // its client has not got yet what was there when it came
    private int delivered; // since its client came
    private long notBefore; // the next delivery
    private Time.@Nullable Timer timer;
    private long planned;
    // used by one step after the other
    private final Set<String> acknowledged = new LinkedHashSet<>(); // and may still be in the mailbox

    MailCarrier(LocalSession session, NamespaceMail mail) {
        this.session = session;
        this.mail = mail;
        this.options = mail.parts().options();
        this.runtime = mail.parts().runtime();
        this.queues = mail.parts().queues();
        Duration patience = options.ackTimeout().dividedBy(2);
        this.source = options.everyDevice()
                ? new MailSource.ForEach(queues, patience)
                : new MailSource.Shared(
                        queues,
                        session.id(),
                        options.ackTimeout().plus(patience),
                        () -> mail.givenBack(session.principal().id()));
        this.notBefore = runtime.time().nanoTime();
    }

    /** Its client is on this connection; null: it is not there. */
    void isOn(@Nullable SessionConnection current) {
        synchronized (this) {
            if (connection == current || ended) {
                return;
            }
            connection = current;
            arriving = current != null;
            delivered = 0;
            if (current == null) {
                return;
            }
        }
        wake();
    }

    /** There may be something to carry. */
    void wake() {
        synchronized (this) {
            if (ended || connection == null) {
                return;
            }
            if (busy) {
                wanted = true;
                return;
            }
            long now = runtime.time().nanoTime();
            if (notBefore - now > 0) {
                plan(notBefore);
                return;
            }
            busy = true;
            cancelTimer();
        }
        session.whenUpToDate(() -> runtime.workers().execute(this::look));
    }

    private void plan(long when) {
        if (timer != null && planned - when <= 0) {
            return;
        }
        cancelTimer();
        planned = when;
        timer = runtime.time()
                .schedule(
                        Duration.ofNanos(Math.max(0, when - runtime.time().nanoTime())),
                        () -> runtime.workers().execute(this::ring));
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void ring() {
        synchronized (this) {
            timer = null;
        }
        wake();
    }

    /** Its session has ended here. */
    synchronized void end() {
        ended = true;
        connection = null;
        cancelTimer();
    }

    private synchronized boolean isThere() {
        return connection != null && session.isConnected();
    }

    private String mailbox() {
        return mail.mailbox(session.principal().id());
    }

    // ---- its steps

    private void look() {
        if (!isThere()) {
            rest(null);
            return;
        }
        String mailbox = mailbox();
        if (!acknowledged.isEmpty()) {
            remove(mailbox, List.copyOf(acknowledged));
            return;
        }
        source.next(mailbox)
                .whenComplete((taken, failure) -> step(() -> {
                    if (failure != null) {
                        rest(AGAIN);
                    } else if (taken.items().isEmpty()) {
                        nothing(taken);
                    } else {
                        carry(mailbox, taken.items().get(0));
                    }
                }));
    }

    /** Whatever a step throws, the next one comes. */
    private void step(Runnable step) {
        runtime.workers().execute(() -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                runtime.lines().error(LOG, "mail", "the mail of {} could not be carried", session, e);
                rest(options.lookEvery());
            }
        });
    }

    private void nothing(Taken taken) {
        int count;
        synchronized (this) {
            count = arriving ? delivered : 0;
            arriving = false;
        }
        if (count > 0) {
            var unused = session.emit(mail.complete(), new NamespaceMail.Complete(count));
        }
        Duration next = options.lookEvery();
        if (taken.next() != null) {
            Duration left = Duration.between(taken.at(), taken.next()).plusMillis(1);
            next = left.compareTo(next) < 0 ? left : next;
        }
        rest(next);
    }

    private void carry(String mailbox, Queued item) {
        if (!isThere()) {
            source.giveBack(mailbox, item);
            rest(null);
            return;
        }
        EventData event;
        try {
            event = MailJson.event(options.deliveryEvent(), item, MailText.read(item.text()));
        } catch (RuntimeException e) {
            runtime.counters().count(Counters.Name.MAIL_FAILED);
            runtime.lines().error(LOG, "mail", "a message in {} cannot be read and is left there", mailbox, e);
            source.skip(item);
            rest(Duration.ZERO);
            return;
        }
        synchronized (this) {
            notBefore = runtime.time().nanoTime() + options.pace().toNanos();
        }
        runtime.counters().count(Counters.Name.MAIL_DELIVERED);
        mail.parts()
                .clients()
                .deliver(session, event, options.ackTimeout())
                .thenAccept(receipt -> step(() -> received(mailbox, item, receipt)));
    }

    private void received(String mailbox, Queued item, Receipt receipt) {
        switch (receipt) {
            case ACKNOWLEDGED -> {
                runtime.counters().count(Counters.Name.MAIL_ACKNOWLEDGED);
                acknowledged.add(item.id());
                synchronized (this) {
                    delivered++;
                }
                remove(mailbox, List.of(item.id()));
            }
            case LATE -> {
                runtime.counters().count(Counters.Name.MAIL_UNACKNOWLEDGED);
                source.skip(item);
                rest(Duration.ZERO);
            }
            case LOST -> {
                source.giveBack(mailbox, item);
                rest(AGAIN);
            }
        }
    }

    private void remove(String mailbox, List<String> ids) {
        queues.remove(mailbox, ids)
                .whenComplete((removed, failure) -> step(() -> {
                    if (failure == null) {
                        ids.forEach(acknowledged::remove);
                    }
                    rest(failure == null ? Duration.ZERO : AGAIN);
                }));
    }

    /**
     * A step was the last for now.
     *
     * @param next when it looks again if nobody wakes it before; null: when its client is there again
     */
    private void rest(@Nullable Duration next) {
        boolean again;
        synchronized (this) {
            busy = false;
            again = wanted && connection != null;
            wanted = false;
            if (!again && next != null && connection != null && !ended) {
                long when = runtime.time().nanoTime() + next.toNanos();
                plan(when - notBefore < 0 ? notBefore : when);
            }
        }
        if (again) {
            wake();
        }
    }
}
