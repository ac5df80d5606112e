package dev.realtime.internal.session;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one session that cannot leave yet, in their order: what a handler changed is not recorded, what it emitted has no place, or the
 * client does not have it. They count among what the session holds until they leave. Those that wait for one record or one place become free
 * in any order, and none overtakes another. Thread-safe.
 */
final class HeldAnswers {
    private final LocalSession session;
    private volatile int count;
    // guarded by this
    private final ArrayDeque<Held> waiting = new ArrayDeque<>();
    private int behindCatchUp; // have left this line and wait until their client is up to date
    private boolean leaving; // one thread sees to it

    private enum State {
        WAITING,
        FREE,
        /** Free, and behind what has just been delivered. */
        FREE_IN_TURN,
        /** The session goes on without what the handler did: there is nothing to be told. */
        VOID
    }

    private static final class Held {
        private final Link link;
        private final OutboundMessage message;
        private State state = State.WAITING; // guarded by the line

        private Held(Link link, OutboundMessage message) {
            this.link = link;
            this.message = message;
        }
    }

    HeldAnswers(LocalSession session) {
        this.session = session;
    }

    /** Whether an answer that has nothing to wait for may leave without a place in this line. */
    boolean isEmpty() {
        return count == 0;
    }

    /**
     * Adds an answer; those of a session are given one after another.
     *
     * @param before what it comes behind, besides the record; null for nothing
     */
    void add(Link link, OutboundMessage message, CompletableFuture<Void> recorded, @Nullable Published before) {
        Held held = new Held(link, message);
        session.holds(message.size());
        synchronized (this) {
            waiting.addLast(held);
            count++;
        }
        var unused = recorded.whenComplete((done, elsewhere) -> {
            if (elsewhere != null) {
                becomes(State.VOID, held);
            } else if (before == null) {
                becomes(State.FREE, held);
            } else {
                session.scope().publisher().behind(before, () -> {
                    session.passed(before);
                    becomes(State.FREE_IN_TURN, held);
                });
            }
        });
    }

    private void becomes(State state, Held held) {
        synchronized (this) {
            held.state = state;
            if (waiting.peekFirst() != held) {
                return;
            }
        }
        leave(state == State.FREE_IN_TURN);
    }

    /** @param inTurn whether this is the fan-out's turn */
    private void leave(boolean inTurn) {
        synchronized (this) {
            if (leaving) {
                return; // whoever does looks again
            }
            leaving = true;
        }
        boolean turnNeeded = false;
        try {
            while (!turnNeeded) {
                Held first;
                boolean direct;
                synchronized (this) {
                    first = waiting.peekFirst();
                    if (first == null || first.state == State.WAITING) {
                        leaving = false;
                        return;
                    }
                    direct = first.state == State.FREE && behindCatchUp == 0;
                    turnNeeded = !inTurn && !direct && first.state != State.VOID;
                    if (turnNeeded) {
                        leaving = false;
                        break;
                    }
                    waiting.removeFirst();
                }
                leave(first, direct);
            }
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                leaving = false;
            }
            throw e;
        }
        session.scope().fanout().execute(() -> leave(true));
    }

    private void leave(Held first, boolean direct) {
        if (first.state == State.VOID) {
            over(first);
        } else if (direct) {
            try {
                send(first);
            } finally {
                over(first);
            }
        } else {
            synchronized (this) {
                behindCatchUp++;
            }
            session.life().whenUpToDate(first.link, first.message.size(), () -> leaveInTurn(first));
        }
    }

    private static void send(Held held) {
        held.link.send(held.message);
        held.link.flush();
    }

    /** Together with the events before it. */
    private void leaveInTurn(Held held) {
        try {
            if (session.life().live() == held.link) {
                session.scope().fanout().deliver(session, held.message);
            } else {
                send(held);
            }
        } finally {
            synchronized (this) {
                behindCatchUp--;
            }
            over(held);
        }
    }

    private void over(Held held) {
        synchronized (this) {
            count--;
        }
        session.letGo(held.message.size());
    }
}
