package dev.realtime.internal.idempotency;

import dev.realtime.ErrorCode;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.internal.idempotency.KeyRecord.Answered;
import dev.realtime.internal.idempotency.KeyRecord.Running;
import dev.realtime.internal.node.Counters;
import dev.realtime.spi.Values.Value;
import dev.realtime.spi.Values.Written;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key on this node, from the first request that comes until all that have come are answered. It claims the key in the store, has one of them
 * handled, writes down what came of it, and answers all. If another node has the claim, it looks again from time to time. Who has the key is decided by
 * the versions of its value. Thread-safe.
 */
final class Execution implements Claim {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final int MOST_ENTRANTS = 16;
    private static final int MOST_CLAIMS = 64; // in a row, since others were faster
    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

    enum Added {
        /** The others wait for this one: {@link #start} must follow. */
        FIRST,
        ADDED,
        FULL,
        OVER
    }

    private enum State {
        /** The store is asked for the claim. */
        CLAIMING,
        /** Another node has it. */
        WAITING,
        /** One of those who have come is to be handled, or is being handled. */
        HELD,
        /** What came of it is on its way to the store. */
        ANSWERING,
        /** The claim is given back. */
        RELEASING,
        OVER
    }

    private final IdempotentRequests all;
    private final String name;
    private final Idempotency<?> options;
    private final KeyValue value;
    private final CompletableFuture<Outcome> told = new CompletableFuture<>();
    // guarded by this
    private final ArrayDeque<Entrant> entrants = new ArrayDeque<>();
    private State state = State.CLAIMING;
    private @Nullable Entrant runner;
    private boolean begun; // its handler
    private long since; // when it was begun, or offered before, by the monotonic clock
    private boolean lost; // the claim, while the handler ran
    private boolean alone; // without the store
    private long version; // of the value, as it was written here last
    private long claimed; // when the store was asked for that, by the monotonic clock
    private @Nullable Outcome outcome; // of the handler
    private long settled; // when, by the monotonic clock
    private int claims;
    private Duration pause = FIRST_PAUSE;

    Execution(IdempotentRequests all, String name, Idempotency<?> options) {
        this.all = all;
        this.name = name;
        this.options = options;
        // a request may be from as far ahead as the window is long, and its key outlives its deadline
        Duration life = options.sentAt().isPresent() ? options.window().multipliedBy(2) : options.window();
        Duration least = all.lease().multipliedBy(2);
        this.value = new KeyValue(
                all, name, life.compareTo(least) > 0 ? life : least, all.newAttempt(), this::isOver, this::failed);
    }

    // ---- who comes

    Added add(Entrant entrant) {
        synchronized (this) {
            if (state == State.OVER) {
                return Added.OVER;
            }
            entrants.removeIf(before -> !before.isWaiting());
            if (entrants.size() >= MOST_ENTRANTS) {
                return Added.FULL;
            }
            entrants.add(entrant);
            if (claims == 0) {
                claims = 1;
                return Added.FIRST;
            }
            if (state == State.CLAIMING || state == State.RELEASING) {
                return Added.ADDED;
            }
        }
        entrant.mustWait();
        return Added.ADDED;
    }

    void start() {
        claim(0);
    }

    // ---- the claim

    private void claim(long expectedVersion) {
        long until = all.clock().millis() + all.lease().toMillis();
        synchronized (this) {
            claimed = all.nanoTime();
        }
        value.claim(expectedVersion, until, written -> claimed(written, until));
    }

    private void claimed(Written written, long until) {
        Value there = written.value();
        if (!written.isDone() && !value.isMine(there)) {
            found(there);
            return;
        }
        long left = until - there.at().toEpochMilli();
        synchronized (this) {
            version = there.version();
        }
        if (left >= all.lease().toMillis() / 2 && left <= 2 * all.lease().toMillis()) {
            offer(there.at().toEpochMilli());
        } else if (mayClaimAgain()) {
            claim(there.version()); // now that the store's clock is known
        } else {
            failed(new TimeoutException("the store is slower than a claim lasts"));
        }
    }

    private synchronized boolean mayClaimAgain() {
        claims++;
        return claims <= MOST_CLAIMS;
    }

    /** Somebody else has written, or nobody has any more. */
    private void found(Value there) {
        KeyRecord record = KeyValue.record(there);
        Outcome came = outcome();
        if (record instanceof Answered answered) {
            if (came != null && value.isMine(there)) {
                finish(came);
            } else {
                repeats(answered.outcome());
            }
        } else if (record == null && there.text() != null) {
            failed(new IllegalStateException("the key was written by a later version"));
        } else if (record instanceof Running running && !isOver(running, there)) {
            await(running.until() - there.at().toEpochMilli());
        } else if (!mayClaimAgain()) {
            failed(new TimeoutException("others are faster again and again"));
        } else if (came == null) {
            claim(there.version());
        } else {
            answer(there.version());
        }
    }

    private void repeats(Outcome known) {
        all.count(Counters.Name.IDEMPOTENCY_REPEATED);
        if (outcome() != null) {
            loses();
        }
        finish(known);
    }

    /** Whether nobody handles it any more: its node has died, or it is one of this node's own that never came to be handled. */
    private boolean isOver(Running running, Value there) {
        return running.until() <= there.at().toEpochMilli() || all.isOwn(running.attempt());
    }

    /** Another node has the claim. */
    private void await(long leftMillis) {
        List<Entrant> here;
        Duration next;
        synchronized (this) {
            here = waiting();
            state = here.isEmpty() && outcome == null ? State.OVER : State.WAITING;
            claims = 1;
            next = least(pause, Duration.ofMillis(leftMillis));
            pause = least(pause.multipliedBy(2), LONGEST_PAUSE);
        }
        if (isOver()) {
            all.over(name, this);
        } else {
            here.forEach(Entrant::mustWait);
            all.later(next, this::lookAgain);
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void lookAgain() {
        value.find(this::found);
    }

    // ---- the handler

    /** Has one of those who wait handled. */
    private void offer(long storeMillis) {
        while (true) {
            Entrant next;
            synchronized (this) {
                next = entrants.poll();
                runner = next;
                begun = false;
                since = all.nanoTime();
                state = next == null ? State.RELEASING : State.HELD;
            }
            if (next == null) {
                release();
                return;
            }
            Outcome untimely = next.untimely(storeMillis);
            if (untimely != null) {
                next.answer(untimely);
            } else if (next.handle(this)) {
                return;
            }
        }
    }

    @Override
    public @Nullable CompletableFuture<Turn> begin(Entrant here) {
        CompletableFuture<Turn> again;
        List<Entrant> others;
        long known;
        synchronized (this) {
            if (runner != here) {
                return CompletableFuture.completedFuture(new Turn.Lapsed());
            }
            boolean holds = alone || all.nanoTime() - claimed < all.lease().toNanos() / 2;
            begun = holds && here.untimely(all.clock().millis()) == null;
            since = all.nanoTime();
            others = waiting();
            again = begun ? null : here.again();
            if (again != null) {
                entrants.addFirst(here);
                runner = null;
                state = State.CLAIMING;
            }
            known = version;
        }
        if (again == null) {
            others.forEach(Entrant::mustWait);
        } else if (isAlone()) {
            offer(all.clock().millis());
        } else {
            claim(known);
        }
        return again;
    }

    @Override
    public void pass(Entrant here) {
        synchronized (this) {
            if (runner != here) {
                return; // its turn was over
            }
        }
        here.leave();
        offer(all.clock().millis());
    }

    @Override
    public CompletableFuture<Outcome> settle(Outcome came) {
        synchronized (this) {
            if (outcome != null) {
                return told;
            }
            outcome = came;
            settled = all.nanoTime();
            state = came.isKept() ? State.ANSWERING : State.RELEASING;
            if (value.isAsking()) {
                return told; // a renewal, behind which it goes on
            }
        }
        settle();
        return told;
    }

    private void settle() {
        Outcome came = Objects.requireNonNull(outcome());
        if (isAlone()) {
            finish(came);
        } else if (came.isKept()) {
            answer(version());
        } else {
            release();
        }
    }

    // ---- what came of it

    private void answer(long expectedVersion) {
        Outcome kept = KeyRecord.bounded(Objects.requireNonNull(outcome()));
        value.answer(expectedVersion, kept, this::answered);
    }

    private void answered(Written written) {
        Value there = written.value();
        if (!written.isDone() && !value.isMine(there)) {
            loses();
            found(there);
        } else if (!written.isDone() && KeyValue.record(there) instanceof Running) {
            answer(there.version()); // a renewal came through after all
        } else {
            Outcome came = Objects.requireNonNull(outcome());
            if (!KeyRecord.isSmall(came)) {
                all.count(Counters.Name.IDEMPOTENCY_UNKEPT);
            }
            finish(came);
        }
    }

    private void loses() {
        synchronized (this) {
            if (lost) {
                return;
            }
            lost = true;
        }
        all.count(Counters.Name.IDEMPOTENCY_LOST);
    }

    private void release() {
        value.release(
                version(),
                written -> released(written.isDone() ? written.value().version() : 0));
    }

    /**
     * The claim is given back. What came of it is told; if nothing has, whoever came meanwhile begins anew.
     *
     * @param known the version that is there then; 0 if it may be another's
     */
    private void released(long known) {
        Outcome came = outcome();
        if (came != null) {
            finish(came);
            return;
        }
        synchronized (this) {
            state = waiting().isEmpty() ? State.OVER : State.CLAIMING;
        }
        if (isOver()) {
            all.over(name, this);
        } else {
            claim(known);
        }
    }

    private void finish(Outcome came) {
        List<Entrant> here;
        Entrant first;
        synchronized (this) {
            state = State.OVER;
            here = waiting();
            entrants.clear();
            first = runner;
        }
        all.over(name, this);
        if (first != null) {
            first.leave();
        }
        told.complete(came);
        here.forEach(entrant -> entrant.answer(came));
    }

    // ---- what goes wrong, and takes long

    private void failed(Throwable failure) {
        State now;
        boolean isOld;
        synchronized (this) {
            now = state;
            isOld = all.nanoTime() - settled >= options.window().toNanos();
        }
        switch (now) {
            case HELD, OVER -> {} // a renewal: the next comes soon
            case RELEASING -> released(0);
            case CLAIMING, WAITING, ANSWERING -> {
                if (outcome() == null) {
                    unavailable(failure);
                } else if (isOld) {
                    finish(Outcome.refused(ErrorCode.UNAVAILABLE));
                } else {
                    all.later(STORE_PAUSE, this::lookAgain);
                }
            }
        }
    }

    private void unavailable(Throwable failure) {
        all.count(Counters.Name.IDEMPOTENCY_UNAVAILABLE);
        all.lines().warn(LOG, "", "the backend does not say who handles a request", failure);
        if (options.isUnprotectedInOutage()) {
            synchronized (this) {
                alone = true;
            }
            offer(all.clock().millis());
        } else {
            finish(Outcome.refused(ErrorCode.UNAVAILABLE));
        }
    }

    /** From time to time: a question may have gone unanswered, and a claim is to be renewed. */
    void look() {
        long now = all.nanoTime();
        if (value.giveUp(now - all.lease().toNanos() / 3)) {
            failed(new TimeoutException("no answer"));
            return;
        }
        if (isAbandoned(now)) {
            all.count(Counters.Name.IDEMPOTENCY_ABANDONED);
            var unused = settle(Outcome.refused(ErrorCode.ALREADY_HANDLED));
            return;
        }
        Entrant busy = missed(now);
        if (busy != null) {
            goesOnWithout(busy);
            return;
        }
        long until = all.clock().millis() + all.lease().toMillis();
        long known;
        synchronized (this) {
            if (state != State.HELD
                    || !begun
                    || lost
                    || alone
                    || value.isAsking()
                    || now - claimed < all.lease().toNanos() / 3) {
                return;
            }
            known = version;
        }
        value.claim(known, until, written -> renewed(written, now));
    }

    /** Whether the handler never answers: its key and its place are not held for ever, and yet it is not handled again at once. */
    private synchronized boolean isAbandoned(long now) {
        return state == State.HELD && begun && now - since >= all.longest().toNanos();
    }

    /** Whoever was to handle it and has not begun for so long; null if nobody. Its turn is over. */
    private synchronized @Nullable Entrant missed(long now) {
        if (begun || state != State.HELD || now - since < all.lease().toNanos()) {
            return null;
        }
        Entrant busy = runner;
        runner = null;
        state = State.CLAIMING;
        return busy;
    }

    /** Others are not held up by a session that is busy, perhaps for ever. */
    private void goesOnWithout(Entrant busy) {
        busy.leave();
        if (isAlone() || waiting().isEmpty()) {
            offer(all.clock().millis());
        } else {
            claim(version());
        }
    }

    private void renewed(Written written, long asked) {
        Value there = written.value();
        boolean mine = written.isDone() || value.isMine(there);
        synchronized (this) {
            if (mine) {
                version = there.version();
                claimed = asked;
            }
        }
        if (!mine) {
            loses();
        }
        if (outcome() != null) {
            settle();
        }
    }

    // ---- its state

    private synchronized List<Entrant> waiting() {
        return entrants.stream().filter(Entrant::isWaiting).toList();
    }

    private synchronized boolean isOver() {
        return state == State.OVER;
    }

    private synchronized boolean isAlone() {
        return alone;
    }

    private synchronized long version() {
        return version;
    }

    private synchronized @Nullable Outcome outcome() {
        return outcome;
    }
}
