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
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
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
    private final MailSource source;
    private final AcknowledgedMail acknowledged;
    // guarded by this
    private @Nullable MailVisit visit; // null while its client is not there
    private boolean ended;
    private boolean leaves; // its client has gone, and others may have what it did not acknowledge
    private boolean busy;
    private boolean wanted; // woken while it was busy
    private long notBefore; // the next delivery
    private Time.@Nullable Timer timer;
    private long planned;

    MailCarrier(LocalSession session, NamespaceMail mail) {
        this.session = session;
        this.mail = mail;
        this.options = mail.parts().options();
        this.runtime = mail.parts().runtime();
        Queues queues = mail.parts().queues();
        Duration patience = options.ackTimeout().plus(options.ackTimeout().dividedBy(2));
        this.source = options.everyDevice()
                ? new MailSource.ForEach(queues, patience, options.maxMessages())
                : new MailSource.Shared(
                        queues,
                        session.id() + ':' + mail.parts().ids().next(),
                        patience,
                        options.maxMessages(),
                        () -> mail.givenBack(session.principal().id()));
        this.acknowledged = new AcknowledgedMail(queues);
        this.notBefore = runtime.time().nanoTime();
    }

    /** Its client is on this connection; null: it is not there. */
    void isOn(@Nullable SessionConnection current) {
        synchronized (this) {
            SessionConnection connection = visit == null ? null : visit.connection();
            if (connection == current || ended) {
                return;
            }
            visit = current == null ? null : new MailVisit(current);
            leaves |= visit == null;
        }
        wake();
    }

    /** There may be something to carry. */
    void wake() {
        boolean leaving;
        synchronized (this) {
            if (visit == null && !leaves) {
                return;
            }
            if (busy) {
                wanted = true;
                return;
            }
            leaving = leaves;
            leaves = false;
            long now = runtime.time().nanoTime();
            if (notBefore - now > 0 && !leaving) {
                plan(notBefore);
                return;
            }
            busy = true;
            cancelTimer();
        }
        if (leaving) {
            step(this::leave);
        } else {
            session.whenUpToDate(() -> step(this::look));
        }
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
    void end() {
        synchronized (this) {
            leaves |= visit != null;
            ended = true;
            visit = null;
            cancelTimer();
        }
        wake();
    }

    /** Null: its client is not there. */
    private synchronized @Nullable MailVisit visit() {
        return session.isConnected() ? visit : null;
    }

    private String mailbox() {
        return mail.mailbox(session.principal().id());
    }

    // ---- its steps

    private void leave() {
        source.leave(mailbox());
        rest(Duration.ZERO); // it may be there again
    }

    private void look() {
        MailVisit asked = visit();
        if (asked == null) {
            rest(null);
            return;
        }
        String mailbox = mailbox();
        if (acknowledged.isLeft()) {
            remove(mailbox);
            return;
        }
        mail.looks().enter(() -> step(() -> look(asked, mailbox)));
    }

    private void look(MailVisit asked, String mailbox) {
        CompletionStage<MailSource.Look> next;
        try {
            acknowledged.takeGone().forEach(source::gone);
            next = asked.isNew()
                    ? source.begin(mailbox).thenCompose(begun -> source.next(mailbox))
                    : source.next(mailbox);
        } catch (Throwable e) { // such as that the heap is full: others are to look all the same
            mail.looks().leave(0);
            throw e;
        }
        var unused = next.whenComplete((found, failure) -> {
            int size = failure == null ? found.size() : 0;
            mail.looks().found(size);
            step(() -> {
                try {
                    if (failure == null) {
                        found(asked, mailbox, found);
                    } else {
                        rest(AGAIN);
                    }
                } finally {
                    mail.looks().leave(size);
                }
            });
        });
    }

    private void found(MailVisit asked, String mailbox, MailSource.Look found) {
        asked.looked(found.at());
        Queued message = found.message();
        if (message != null && acknowledged.has(message)) { // while it was looked for
            remove(mailbox);
        } else if (message != null && asked != visit()) {
            boolean gone = visit() == null;
            source.giveBack(mailbox, message, gone);
            rest(gone ? null : Duration.ZERO); // what it is for the client that has come is seen by a look for that one
        } else if (message != null) {
            carry(asked, mailbox, message, found.again());
        } else if (found.more()) {
            look();
        } else {
            nothing(asked, found);
        }
    }

    /** Whatever a step throws, the next one comes. */
    private void step(Runnable step) {
        runtime.workers().execute(() -> {
            try {
                step.run();
            } catch (Throwable e) {
                runtime.lines().error(LOG, "mail", "the mail of {} could not be carried", session, e);
                rest(options.lookEvery());
            }
        });
    }

    private void nothing(MailVisit asked, MailSource.Look look) {
        if (asked == visit()) { // another one that has come meanwhile looks for itself
            tellArrived(asked);
        }
        Duration next = options.lookEvery();
        if (look.next() != null) {
            Duration left = Duration.between(look.at(), look.next()).plusMillis(1);
            next = left.compareTo(next) < 0 ? left : next;
        }
        rest(next);
    }

    private void tellArrived(MailVisit there) {
        int count = there.arrived();
        if (count > 0) {
            mail.parts().clients().tell(session, MailJson.complete(options.completeEvent(), count));
        }
    }

    private void carry(MailVisit there, String mailbox, Queued item, boolean again) {
        if (again || !there.mayHaveMissed(item)) {
            tellArrived(there);
        }
        EventData event;
        try {
            event = event(there, item);
        } catch (RuntimeException e) {
            runtime.counters().count(Counters.Name.MAIL_FAILED);
            runtime.lines().error(LOG, "mail", "a message in {} cannot be read and is left there", mailbox, e);
            source.skip(item);
            rest(Duration.ZERO);
            return;
        }
        notBefore(options.pace());
        runtime.counters().count(Counters.Name.MAIL_DELIVERED);
        Queued delivered = withoutText(item);
        mail.parts()
                .clients()
                .deliver(session, event, options.ackTimeout(), () -> late(delivered))
                .thenAccept(receipt -> step(() -> received(there, mailbox, delivered, receipt)));
    }

    private synchronized void notBefore(Duration from) {
        notBefore = runtime.time().nanoTime() + from.toNanos();
    }

    private EventData event(MailVisit there, Queued item) {
        MailText message = MailText.read(item.text());
        String own = message.event().orElse(null);
        return own == null || there.mayHaveMissed(item)
                ? MailJson.event(options.deliveryEvent(), item, message)
                : MailJson.own(own, item, message);
    }

    /** What is remembered of a message while its client reads it, which may take long, and there are many clients. */
    private static Queued withoutText(Queued item) {
        return new Queued(item.id(), item.rank(), "", item.due(), item.end(), item.place());
    }

    private void received(MailVisit there, String mailbox, Queued item, Receipt receipt) {
        switch (receipt) {
            case ACKNOWLEDGED -> {
                runtime.counters().count(Counters.Name.MAIL_ACKNOWLEDGED);
                there.acknowledged();
                acknowledged.add(item);
                remove(mailbox);
            }
            case LATE -> {
                runtime.counters().count(Counters.Name.MAIL_UNACKNOWLEDGED);
                there.silentOn(item);
                source.skip(item);
                rest(Duration.ZERO);
            }
            case LOST -> {
                boolean gone = there != visit(); // else it was asked too much already
                if (!gone) {
                    notBefore(AGAIN); // whoever wakes it
                }
                source.giveBack(mailbox, item, gone);
                rest(AGAIN);
            }
        }
    }

    /** Its client has acknowledged a message, for which nobody waited any more. It is removed at once, whatever the client has been sent since. */
    private void late(Queued item) {
        runtime.counters().count(Counters.Name.MAIL_ACKNOWLEDGED);
        acknowledged.add(item);
        var unused = acknowledged.remove(mailbox()).whenComplete((done, failure) -> wake());
    }

    private void remove(String mailbox) {
        var unused = acknowledged
                .remove(mailbox)
                .whenComplete((done, failure) -> step(() -> rest(failure == null ? Duration.ZERO : AGAIN)));
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
            again = leaves || (wanted && visit != null);
            wanted = false;
            if (!again && next != null && visit != null) {
                long when = runtime.time().nanoTime() + next.toNanos();
                plan(when - notBefore < 0 ? notBefore : when);
            }
        }
        if (again) {
            wake();
        }
    }
}
