package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.NamespaceSetup.Revalidation;
import dev.realtime.Principal;
import dev.realtime.internal.logs.LogContext;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.spi.AddressKey;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the application once in a period who the users of connected sessions are now. The questions of many sessions are spread over the period, and few are
 * asked at once: what would be more comes later. A session whose client is away is asked about when it is back. Thread-safe.
 */
final class Revalidator {
    private static final Logger LOG = LoggerFactory.getLogger(Revalidator.class);
    /** So often in a period those are looked for whose turn has come. */
    private static final int LOOKS = 64;
    /** Questions under way. */
    private static final int MOST = 16;

    /** A power of two: in so many parts of the period the questions may fall. */
    private static final int SHARES = 10;

    private static final int MIX = 0x9E3779B9; // neighbours go far apart

    /** @param when by the monotonic clock */
    private record Due(LocalSession session, long when) {}

    private final Duration period;
    private final Revalidation hook;
    private final Function<ErrorCode, @Nullable OutboundMessage> lastWords;
    private final TimeoutQueue deadlines;
    private final ErrorListeners errors;
    private final NodeRuntime runtime;
    private final Map<String, Due> due =
            new ConcurrentHashMap<>(); // by session; a copy takes the place of one before it
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger asking = new AtomicInteger(); // in time
    private final Set<LocalSession> unanswered = ConcurrentHashMap.newKeySet(); // in time or not

    /**
     * @param lastWords what a client hears whose credentials are good no more
     * @param deadlines for the application
     */
    Revalidator(
            Duration period,
            Revalidation hook,
            Function<ErrorCode, @Nullable OutboundMessage> lastWords,
            TimeoutQueue deadlines,
            ErrorListeners errors,
            NodeRuntime runtime) {
        this.period = period;
        this.hook = hook;
        this.lastWords = lastWords;
        this.deadlines = deadlines;
        this.errors = errors;
        this.runtime = runtime;
    }

    /** Looks after a session from now on, until it has ended. */
    void add(LocalSession session) {
        // those that come together, since a node has died, do not stay together
        int share = (session.id().hashCode() * MIX) >>> (Integer.SIZE - SHARES);
        due.put(session.id(), new Due(session, now() + (period.toNanos() >> SHARES) * (share + 1L)));
        lookLater();
    }

    /** A session has ended: many may come and go before the next look, which may be minutes away. */
    void forget(LocalSession session) {
        due.computeIfPresent(session.id(), (id, one) -> one.session == session ? null : one);
    }

    private long now() {
        return runtime.time().nanoTime();
    }

    private void lookLater() {
        if (!due.isEmpty() && looking.compareAndSet(false, true)) {
            runtime.time()
                    .schedule(period.dividedBy(LOOKS), () -> runtime.workers().execute(this::look));
        }
    }

    private void look() {
        try {
            due.values().forEach(this::look);
        } finally {
            looking.set(false);
            lookLater();
        }
    }

    private void look(Due one) {
        LocalSession session = one.session;
        if (session.lifecycle().isClosed()) {
            due.remove(session.id(), one);
        } else if (one.when - now() <= 0 && mayBeAsked(session)) {
            due.replace(session.id(), one, new Due(session, now() + period.toNanos()));
            begin(session);
        }
    }

    private boolean mayBeAsked(LocalSession session) {
        return asking.get() < MOST
                && session.isConnected()
                && !session.principal().anonymous()
                && !unanswered.contains(session);
    }

    /** Its time runs from here on: whether it waits for a thread or does not return, the questions about others go on. */
    private void begin(LocalSession session) {
        unanswered.add(session);
        asking.incrementAndGet();
        Principal known = session.principal();
        TimeoutQueue.Deadline deadline = deadlines.add(() -> {
            asking.decrementAndGet();
            late(session);
        });
        try {
            session.connection().handlers().execute(() -> {
                LogContext.Scope scope = session.logged(runtime.logs(), null, null);
                try {
                    ask(session, known, deadline);
                } finally {
                    scope.close();
                }
            });
        } catch (RuntimeException | Error e) {
            unanswered.remove(session);
            if (deadline.meet()) {
                asking.decrementAndGet();
            }
            throw e;
        }
    }

    private void ask(LocalSession session, Principal asked, TimeoutQueue.Deadline deadline) {
        try {
            if (deadline.isOver()) {
                return; // it has waited for too long
            }
            Optional<Principal> known = Objects.requireNonNull(
                    hook.revalidate(asked), "the revalidation returned null instead of an Optional");
            if (known.filter(one -> one.anonymous() || !one.id().equals(asked.id()))
                    .isPresent()) {
                throw new IllegalStateException("the revalidation of one user has returned another");
            }
            if (isInTime(deadline)) {
                answered(session, asked, known.orElse(null));
            }
        } catch (RuntimeException | Error e) {
            if (isInTime(deadline)) {
                failed(session, e);
            }
        } finally {
            unanswered.remove(session);
        }
    }

    private boolean isInTime(TimeoutQueue.Deadline deadline) {
        boolean inTime = deadline.meet();
        if (inTime) {
            asking.decrementAndGet();
        }
        return inTime;
    }

    private void answered(LocalSession session, Principal asked, @Nullable Principal known) {
        if (known == null && session.principal().equals(asked)) {
            session.closing()
                    .close(DisconnectReason.CREDENTIALS_REVOKED, lastWords.apply(ErrorCode.CREDENTIALS_REVOKED));
        } else if (known == null || !session.lifecycle().renew(asked, known)) {
            // renewed meanwhile: what was said was not said of these credentials
            due.computeIfPresent(session.id(), (id, one) -> one.session == session ? new Due(session, now()) : one);
        }
    }

    private void late(LocalSession session) {
        runtime.counters().count(Counters.Name.REVALIDATIONS_FAILED);
        runtime.lines()
                .warn(
                        LOG,
                        AddressKey.of(session.remoteAddress()),
                        "the revalidation of user {} has not answered within {}; session {} goes on as it is",
                        session.principal().id(),
                        deadlines.patience(),
                        session.id());
    }

    private void failed(LocalSession session, Throwable cause) {
        runtime.counters().count(Counters.Name.REVALIDATIONS_FAILED);
        runtime.lines()
                .error(
                        LOG,
                        AddressKey.of(session.remoteAddress()),
                        "the revalidation of user {} failed; session {} goes on as it is",
                        session.principal().id(),
                        session.id(),
                        cause);
        errors.failed(runtime.lines(), session, "revalidate", cause);
    }
}
