package dev.realtime.internal.session;

import dev.realtime.DisconnectReason;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import dev.realtime.spi.AddressKey;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one session that cannot leave yet, in their order: what the handler changed has not been recorded, what it emitted has no place in the
 * log, or the client does not have it yet. They count among what the session holds until they leave. They become free in any order, and none overtakes
 * another. Thread-safe.
 */
final class DeferredAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(DeferredAnswers.class);

    private final LocalSession session;
    private final SessionInbox inbox;
    private final SessionEmits emits;
    private final AttachedConnection connection;
    private final Publisher publisher;
    private final Fanout<LocalSession> fanout;
    private final NodeRuntime runtime;
    private volatile int count;
    // guarded by this
    private @Nullable ArrayDeque<Held> waiting; // null until the first answer that has to wait
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
        private final @Nullable Answer acknowledgement;
        private final SessionConnection connection;
        private final OutboundMessage message;
        private State state = State.WAITING; // guarded by the line

        private Held(@Nullable Answer acknowledgement, SessionConnection connection, OutboundMessage message) {
            this.acknowledgement = acknowledgement;
            this.connection = connection;
            this.message = message;
        }
    }

    DeferredAnswers(
            LocalSession session,
            SessionInbox inbox,
            SessionEmits emits,
            AttachedConnection connection,
            Publisher publisher,
            Fanout<LocalSession> fanout,
            NodeRuntime runtime) {
        this.session = session;
        this.inbox = inbox;
        this.emits = emits;
        this.connection = connection;
        this.publisher = publisher;
        this.fanout = fanout;
        this.runtime = runtime;
    }

    /** Whether an answer that has nothing to wait for may leave without a place in this line. */
    boolean isEmpty() {
        return count == 0;
    }

    /**
     * Adds an answer; those of a session are given one after another.
     *
     * @param acknowledgement whose it is, to be told when it leaves; null if it is none
     * @param before what it comes behind, besides the record; null for nothing
     */
    void add(
            @Nullable Answer acknowledgement,
            SessionConnection connection,
            OutboundMessage message,
            CompletableFuture<Void> recorded,
            @Nullable Published before) {
        Held held = new Held(acknowledgement, connection, message);
        inbox.hold(message.size());
        synchronized (this) {
            if (waiting == null) {
                waiting = new ArrayDeque<>();
            }
            waiting.addLast(held);
            count++;
        }
        var unused = recorded.whenComplete((done, elsewhere) -> {
            if (elsewhere != null) {
                becomes(State.VOID, held);
            } else if (before == null) {
                becomes(State.FREE, held);
            } else {
                publisher.behind(before, () -> {
                    emits.passed(before);
                    becomes(State.FREE_IN_TURN, held);
                });
            }
        });
    }

    private void becomes(State state, Held held) {
        synchronized (this) {
            held.state = state;
            if (waiting == null || waiting.peekFirst() != held) {
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
        while (!turnNeeded) {
            Held first;
            boolean direct;
            synchronized (this) {
                ArrayDeque<Held> line = waiting;
                first = line == null ? null : line.peekFirst();
                if (line == null || first == null || first.state == State.WAITING) {
                    leaving = false;
                    return;
                }
                direct = first.state == State.FREE && behindCatchUp == 0;
                turnNeeded = !inTurn && !direct && first.state != State.VOID;
                if (turnNeeded) {
                    leaving = false;
                    break;
                }
                line.removeFirst();
            }
            leave(first, direct);
        }
        fanout.execute(() -> leave(true));
    }

    private void leave(Held first, boolean direct) {
        if (first.state == State.VOID) {
            over(first);
        } else if (direct) {
            attempt(first, () -> send(first));
            over(first);
        } else {
            synchronized (this) {
                behindCatchUp++;
            }
            session.afterCatchUp().run(first.connection, first.message.size(), () -> leaveInTurn(first));
        }
    }

    private static void send(Held held) {
        held.connection.send(held.message);
        held.connection.flush();
    }

    /** Together with the events before it. */
    private void leaveInTurn(Held held) {
        attempt(held, () -> {
            if (connection.isLiveOn(held.connection)) {
                fanout.deliver(session, held.message);
            } else {
                send(held);
            }
        });
        synchronized (this) {
            behindCatchUp--;
        }
        over(held);
    }

    /** One that cannot be sent costs its connection, and the others go on: the client comes back, and knows that it has no answer. */
    private void attempt(Held held, Runnable sending) {
        try {
            sending.run();
            Answer acknowledgement = held.acknowledgement;
            if (acknowledgement != null) {
                acknowledgement.left();
            }
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, AddressKey.of(session.remoteAddress()), "an answer could not be sent", e);
            runtime.workers().execute(() -> held.connection.close(DisconnectReason.TRANSPORT_ERROR));
        }
    }

    private void over(Held held) {
        synchronized (this) {
            count--;
        }
        inbox.release(held.message.size());
    }
}
