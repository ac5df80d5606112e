package dev.realtime.internal.recovery;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.internal.limits.ConnectAttempt;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.EntryRooms;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.users.Arrival;
import dev.realtime.internal.users.UserDirectory;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Ids;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CONNECT on its way: authentication on a worker, what has been decided about the user, interceptors, then a resume if the client asks for one and it can be exact,
 * else a fresh session. Ends once: admitted, refused, or timed out.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final NamespaceRecovery recovery;
    private final RecoveryScope scope;
    private final NodeRuntime runtime;
    private final SessionConnection connection;
    private final Map<String, Object> auth;
    private final @Nullable String privateId;
    private final @Nullable String offset;
    private final ConnectAttempt newcomer;
    private final Runnable ended;
    private final EntryRooms rooms;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Time.@Nullable Timer timer; // null: nothing is asked that could take long
    private final boolean
            recovering; // the client may have the session that it asks for: it must come back, whatever fails here
    private boolean over; // what it held has been given back; guarded by this
    private @Nullable Runnable inside; // gives the place of a resume back; guarded by this
    private volatile @Nullable Arrival arrival; // null: nothing is decided about its user
    private volatile @Nullable EventData features; // what the application says that the client may do
    private volatile @Nullable String freshPrivateId; // of the session that has logged in

    /**
     * @param auth the client's payload without what recovery put into it
     * @param privateId the session it wants back, or null
     * @param offset the last it has seen, or null
     * @param newcomer counts it if it gets a new session
     * @param patience for authentication and a resume
     * @param ended runs once, whatever the outcome: after the session has been attached, or before a refusal is sent
     */
    public Admission(
            NamespaceRecovery recovery,
            SessionConnection connection,
            Map<String, Object> auth,
            @Nullable String privateId,
            @Nullable String offset,
            ConnectAttempt newcomer,
            Duration patience,
            Runnable ended) {
        this.recovery = recovery;
        this.scope = recovery.scope();
        this.runtime = scope.runtime();
        this.connection = connection;
        this.auth = auth;
        this.privateId = privateId;
        this.offset = offset;
        this.newcomer = newcomer;
        this.recovering = privateId != null && Ids.isId(privateId); // no store is asked for what is no id
        this.ended = ended;
        this.rooms = scope.factory().rights().entry();
        this.timer = recovering
                        || recovery.authentication().asksApplication()
                        || recovery.services().users() != null
                ? runtime.time().schedule(patience, () -> runtime.workers().execute(this::late))
                : null;
    }

    /** Asks the application who the client is, and lets it in or not. On a thread for code of the application, in the share of the client's address. */
    public void start() {
        try {
            String id = recovery.fresh().nextId();
            Principal principal = recovery.authentication().authenticate(connection.request(), auth, id);
            UserDirectory users = recovery.services().users();
            if (users == null || principal.anonymous()) {
                identified(id, principal);
            } else {
                Executor application =
                        recovery.authentication().asksOfTheKnown() ? connection.share()::admit : runtime.workers();
                users.arrive(principal)
                        .whenComplete((arrived, failure) ->
                                application.execute(() -> arrived(id, principal, arrived, failure)));
            }
        } catch (ConnectRefusedException refused) {
            refuse(refused);
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    /** What has been decided about the user is known, unless the store could not be asked. */
    private void arrived(String id, Principal principal, @Nullable Arrival arrived, @Nullable Throwable failure) {
        if (arrived == null || failure != null) {
            late();
            return;
        }
        synchronized (this) {
            if (!over) {
                arrival = arrived;
            }
        }
        if (arrival == null) {
            arrived.left();
        } else if (arrived.refusal() != null) {
            refuse(new ConnectRefusedException(arrived.refusal()));
        } else {
            try {
                identified(id, principal);
            } catch (ConnectRefusedException refused) {
                refuse(refused);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    /** It is known who the client is, and what has been decided about it. On a thread for code of the application. */
    private void identified(String id, Principal principal) {
        features = recovery.authentication().admit(connection.request(), auth, principal, rooms);
        String wanted = privateId;
        FreshReason reason = wanted == null ? null : FreshReason.UNKNOWN_SESSION;
        if (wanted != null && recovering) {
            new Resume(new ResumeAttempt(recovery, this, connection, principal, wanted, offset, id)).start();
        } else if (isCapped()) {
            fresh(id, principal, reason);
        } else {
            scope.fanout().executeHere(() -> admit(id, principal, reason));
        }
    }

    /** Whether its user may have one session only. */
    boolean isCapped() {
        Arrival known = arrival;
        return known != null && known.isCapped(scope.namespace());
    }

    /** Whether a user has as many connections as are allowed, not counting one session. Where one login alone stays there are never many. */
    boolean hasTooManyConnections(Principal principal, @Nullable LocalSession but) {
        return !isCapped() && recovery.hasTooManyConnections(principal, but);
    }

    /** Whether the client may have its session back: nobody has logged in since, where a user may do so once. */
    boolean mayResume(String sessionId) {
        Arrival known = arrival;
        return known == null || known.mayResume(scope.namespace(), sessionId);
    }

    /** A new session; from any thread. */
    void fresh(String id, Principal principal, @Nullable FreshReason reason) {
        logIn(
                id,
                () -> scope.fanout().execute(() -> admit(id, principal, reason)),
                refusal -> refuse(new ConnectRefusedException(refusal)),
                this::late);
    }

    /**
     * Logs a session in that is about to begin, where a user may have one only.
     *
     * @param refused told why it may not begin
     * @param unanswered runs when the store does not say
     */
    private void logIn(String id, Runnable in, Consumer<ErrorCode> refused, Runnable unanswered) {
        Arrival known = arrival;
        if (known == null || !isCapped()) {
            in.run();
            return;
        }
        freshPrivateId = recovery.fresh().nextPrivateId();
        known.logIn(scope.namespace(), id, freshPrivateId, privateId, connection::isGone)
                .whenComplete((refusal, failure) -> runtime.workers().execute(() -> {
                    if (failure != null) {
                        unanswered.run();
                    } else if (refusal != null) {
                        refused.accept(refusal);
                    } else {
                        in.run();
                    }
                }));
    }

    private void admit(String id, Principal principal, @Nullable FreshReason reason) {
        if (leaveUnanswered()) {
            return;
        }
        if (hasTooManyConnections(principal, null)) {
            refuse(scope.tooManyConnections(connection.request().remoteAddress(), principal));
            return;
        }
        if (settle()) {
            try {
                enter(id, principal, reason);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    /**
     * Whether the node has stopped meanwhile: then nothing is said, since a client that is refused does not come back by itself, and one whose
     * connection is closed does. In the fan-out's turn.
     */
    boolean leaveUnanswered() {
        if (!recovery.isClosedToClients()) {
            return false;
        }
        if (settle()) {
            end();
        }
        return true;
    }

    /** A new session after the admission has been settled. In the fan-out's turn. */
    void begin(String id, Principal principal, @Nullable FreshReason reason) {
        if (!isCapped()) {
            enter(id, principal, reason);
            return;
        }
        logIn(
                id,
                () -> scope.fanout().execute(() -> {
                    try {
                        enter(id, principal, reason);
                    } catch (RuntimeException | Error e) {
                        failed(e);
                    }
                }),
                refusal -> {
                    if (end()) {
                        recovery.services().refusals().refuse(connection, scope.namespace(), refusal);
                    }
                },
                this::leave);
    }

    private void enter(String id, Principal principal, @Nullable FreshReason reason) {
        String fresh = freshPrivateId;
        newcomer.begins();
        Arrival known = arrival;
        if (known != null) {
            known.begins();
        }
        Position carried = offset == null ? null : Position.parse(offset);
        boolean stands = recovery.fresh()
                .begin(
                        connection,
                        id,
                        fresh == null ? recovery.fresh().nextPrivateId() : fresh,
                        principal,
                        auth,
                        reason,
                        carried,
                        rooms,
                        features);
        if (known != null && stands) {
            known.begun();
        }
        end();
    }

    /** Whether this is the end of the admission: the first to say so may go on. */
    boolean settle() {
        if (settled.compareAndSet(false, true)) {
            if (timer != null) {
                timer.cancel();
            }
            return true;
        }
        return false;
    }

    /**
     * A resume has its place by now.
     *
     * @param left gives the place back, when the admission has ended
     * @return false when it has ended already; the place has then been given back
     */
    boolean resuming(Runnable left) {
        synchronized (this) {
            if (!settled.get()) {
                inside = left;
                return true;
            }
        }
        left.run();
        return false;
    }

    /** @return false when it had ended before */
    private boolean end() {
        Runnable left;
        Arrival known;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            known = arrival;
            left = inside;
            inside = null;
        }
        if (left != null) {
            left.run();
        }
        if (known != null) {
            known.left();
        }
        ended.run();
        return true;
    }

    /** The session is about to have this connection: what its client came with is part of it. */
    void presented(LocalSession session) {
        session.connection().presents(auth);
    }

    /** The session is back: it joins the rooms that interceptors have put it into. */
    void back(LocalSession session) {
        rooms.enter(session);
    }

    /** The old session goes on, on this connection. */
    void resumed() {
        end();
    }

    private void late() {
        if (recovering) {
            again();
        } else {
            postpone();
        }
    }

    /** A client that is refused does not come back by itself; one whose connection is closed does. */
    private void postpone() {
        if (settle()) {
            runtime.counters().count(Counters.Name.CONNECTS_POSTPONED);
            end();
            connection.close(DisconnectReason.CONNECT_POSTPONED);
        }
    }

    /** Not now: the client keeps the name of its session and its place in the log, and asks again with its next attempt. */
    void again() {
        if (settle()) {
            leave();
        }
    }

    /** The same after the admission has been settled. */
    void leave() {
        if (end()) {
            runtime.counters().count(Counters.Name.RESUMES_POSTPONED);
            connection.close(DisconnectReason.RESUME_POSTPONED);
        }
    }

    void failed(Throwable cause) {
        runtime.lines().error(LOG, client(), "a connect to {} failed", scope.namespace(), cause);
        if (recovering || settled.get()) {
            settle();
            leave(); // refused, a client does not come back by itself, and its session would be lost
        } else {
            refuse(new ConnectRefusedException(ErrorCode.HANDLER_FAILED));
        }
    }

    /** Under what the log counts the client's lines. */
    private String client() {
        return AddressKey.of(connection.request().remoteAddress());
    }

    void refuse(ConnectRefusedException refused) {
        if (!settle()) {
            return;
        }
        runtime.counters().count(Counters.Name.SESSIONS_REFUSED);
        end(); // first: the client may try again as soon as it hears
        recovery.services().refusals().refuse(connection, scope.namespace(), refused);
    }
}
