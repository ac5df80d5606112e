package dev.realtime.internal.recovery;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionConnection;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.SessionRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that wants its session back: look at the record without touching it, check that it may have it, claim it, and let it
 * {@linkplain CatchUp catch up}. Whatever cannot be exact ends in a fresh session with a {@link FreshReason}.
 */
final class Resume {
    private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
    /** A client whose session the backend cannot find out about in so many attempts begins afresh. */
    private static final int MOST_UNANSWERED = 30;

    private final NamespaceRecovery recovery;
    private final SessionScope scope;
    private final NodeContext context;
    private final SessionConnection link;
    private final Principal principal;
    private final String privateId;
    private final @Nullable String offset;
    private final Admission admission;
    private final String freshId;
    private final RecoveryServices recoveries;
    private volatile Runnable arrived = () -> {}; // the session that was claimed is here
    private volatile Map<RoomKey, Boolean> judged =
            Map.of(); // what the application says of the session's rooms; replaced, not changed

    Resume(
            NamespaceRecovery recovery,
            SessionConnection link,
            Principal principal,
            String privateId,
            @Nullable String offset,
            Admission admission,
            String freshId) {
        this.recovery = recovery;
        this.scope = recovery.scope();
        this.context = scope.context();
        this.recoveries = recovery.services();
        this.link = link;
        this.principal = principal;
        this.privateId = privateId;
        this.offset = offset;
        this.admission = admission;
        this.freshId = freshId;
    }

    void start() {
        if (!recoveries.gate().admits(privateId, link.request().remoteAddress())) {
            context.counters().count(Counters.Name.RESUMES_LIMITED);
            admission.again();
            return;
        }
        recoveries.gate().enter(() -> {
            if (admission.resuming(recoveries.gate()::leave)) {
                find();
            }
        });
    }

    /** A node that goes on by itself has nobody to ask, and begins afresh. */
    private void find() {
        if (context.backend().isDegraded()) {
            ask();
        } else {
            recovery.backfill().await(this::ask, this::unanswered);
        }
    }

    private void ask() {
        context.backend()
                .sessions()
                .find(privateId)
                .whenComplete((found, failure) -> guarded(failure, () -> look(found)));
    }

    /** Nothing is touched before the client has shown that the session is its own: a stolen private id disturbs nobody. */
    private void look(Optional<SessionRecord> found) {
        SessionRecord session = found.orElse(null);
        if (session == null || !isHere(session) || scope.node().ended().contains(privateId)) {
            fresh(FreshReason.UNKNOWN_SESSION);
        } else if (!isSame(session.principal())) {
            fresh(FreshReason.CREDENTIALS_CHANGED);
        } else {
            arrived = recovery.arriving().expect();
            context.backend()
                    .sessions()
                    .claim(privateId, context.node())
                    .whenComplete((claimed, failure) -> claiming(failure, () -> claimed(claimed, session)));
        }
    }

    /** From the claim on nobody else looks after the session: it comes home even if this attempt does not get further. */
    private void claiming(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            recovery.orphans().mayBe(privateId);
            arrived.run();
        }
        guarded(failure, step);
    }

    /** A record without a namespace was written by a server of another kind, which asks no more than the private id. */
    private boolean isHere(SessionRecord session) {
        return session.namespace().isEmpty()
                || session.namespace().equals(scope.namespace().name());
    }

    /** A record that does not say whose it is was written by a server of another kind, which asks no more than the private id. */
    private boolean isSame(@Nullable Principal known) {
        if (known == null) {
            return true;
        }
        return known.anonymous() ? principal.anonymous() : known.id().equals(principal.id()) && !principal.anonymous();
    }

    private void claimed(Optional<SessionRecord> claimed, SessionRecord found) {
        SessionRecord session = claimed.orElse(null);
        if (session == null) {
            arrived.run();
            fresh(FreshReason.UNKNOWN_SESSION);
        } else {
            String formerHome = found.home().node();
            Restore.Origin origin = origin(found);
            if (!formerHome.isEmpty() && !formerHome.equals(context.node())) {
                recovery.tellTakenOver(formerHome, session);
            }
            Position sent = parse(offset);
            if (sent != null && sent.isAfter(scope.fanout().position())) {
                awaitOffset(session, origin, sent);
            } else {
                scope.fanout().execute(() -> guarded(null, () -> restore(session, origin)));
            }
        }
    }

    private Restore.Origin origin(SessionRecord found) {
        return found.home().node().isEmpty() ? Restore.Origin.OTHER_KIND : Restore.Origin.NODE;
    }

    /** The client has seen more than this node has: either the node is behind the one that the client comes from, or the offset is made up. */
    private void awaitOffset(SessionRecord session, Restore.Origin origin, Position sent) {
        scope.log()
                .latest()
                .whenComplete((latest, failure) -> claiming(failure, () -> {
                    Position reachable = sent.isAfter(latest) ? Position.START : sent;
                    scope.fanout().executeBehind(reachable, () -> guarded(null, () -> restore(session, origin)));
                }));
    }

    /** In the fan-out's turn. */
    private void restore(SessionRecord session, Restore.Origin origin) {
        Principal owner = session.principal() == null ? principal : session.principal();
        new Restore(
                        recovery,
                        session,
                        origin,
                        owner,
                        (mine, obstacle) -> {
                            arrived.run();
                            guarded(null, () -> take(session, mine, obstacle));
                        },
                        () -> {
                            arrived.run();
                            fresh(FreshReason.UNKNOWN_SESSION);
                        },
                        this::unanswered)
                .proceed();
    }

    /** In the fan-out's turn: everything up to its position has been delivered to whoever was there, everything behind it is caught up with. */
    private void take(SessionRecord session, LocalSession mine, @Nullable FreshReason inexact) {
        if (!judged.keySet().containsAll(roomsToJudge(mine))) {
            link.share().execute(() -> guarded(null, () -> judge(session, mine, inexact)));
            return;
        }
        Position sent = parse(offset);
        Position tail = scope.fanout().position();
        if (recovery.hasTooManyConnections(principal, mine)) {
            admission.refuse(
                    new ConnectRefusedException(ErrorCode.TOO_MANY_CONNECTIONS)); // the session goes on waiting
            return;
        }
        if (admission.leaveUnanswered() || !admission.settle()) {
            return;
        }
        admission.presented(mine);
        if (!mine.lifecycle().returned(link, session.home())) {
            // ended, or somebody with a later claim was faster: this connection has nothing to go on with
            if (mine.isClosed()) {
                begin(FreshReason.UNKNOWN_SESSION);
            } else {
                admission.resumed();
                link.close(DisconnectReason.CONNECTION_REPLACED);
            }
            return;
        }
        // what the client is known to have, or was never meant for it, is not looked for
        Position after = Position.max(
                Position.max(
                        sent == null ? Position.START : sent, mine.presence().joined()),
                mine.confirmed());
        recoveries.returns().answered(privateId);
        FreshReason obstacle = inexact != null ? inexact : obstacle(mine, session, sent, after, tail);
        if (obstacle != null) {
            startAfresh(mine, obstacle);
        } else {
            new CatchUp(scope, recoveries, mine, link, principal, after, outcome(mine)).proceed();
        }
    }

    private CatchUp.Outcome outcome(LocalSession mine) {
        return new CatchUp.Outcome() {
            @Override
            public void started() {
                admission.back(mine);
                admission.resumed();
            }

            @Override
            public void impossible(FreshReason reason) {
                scope.fanout().execute(() -> guarded(null, () -> startAfresh(mine, reason)));
            }

            @Override
            public void unanswered() {
                if (recoveries.returns().unanswered(privateId) > MOST_UNANSWERED) {
                    impossible(FreshReason.BACKEND_FAILED);
                } else {
                    admission.leave(); // the session waits for the next attempt
                }
            }
        };
    }

    private @Nullable FreshReason obstacle(
            LocalSession mine, SessionRecord session, @Nullable Position sent, Position after, Position tail) {
        String epoch = context.backend().epoch();
        if (!session.epoch().equals(epoch) || !mine.epoch().equals(epoch)) {
            return FreshReason.EPOCH_CHANGED;
        }
        if (offset != null && (sent == null || sent.isAfter(tail))) {
            return FreshReason.BAD_OFFSET;
        }
        for (RoomKey room : roomsToJudge(mine)) {
            if (!judged.getOrDefault(room, false)) {
                return FreshReason.ROOM_FORBIDDEN;
            }
        }
        return after.isBefore(mine.memberships().exactFrom()) ? FreshReason.HISTORY_CUT : null;
    }

    private Set<RoomKey> roomsToJudge(LocalSession mine) {
        return scope.handlers().roomRule() == null ? Set.of() : mine.rooms();
    }

    /** The rule is the application's, so it is asked outside of the fan-out's turn; what the session has joined meanwhile, it is asked again. */
    private void judge(SessionRecord session, LocalSession mine, @Nullable FreshReason inexact) {
        BiPredicate<Principal, RoomKey> rule = scope.handlers().roomRule();
        Map<RoomKey, Boolean> answers = new HashMap<>();
        for (RoomKey room : mine.rooms()) {
            answers.put(room, rule == null || rule.test(principal, room));
        }
        judged = answers;
        scope.fanout().execute(() -> guarded(null, () -> take(session, mine, inexact)));
    }

    private static @Nullable Position parse(@Nullable String text) {
        return text == null ? null : Position.parse(text);
    }

    /** The old session ends, since its client goes on without it. In the fan-out's turn, after the admission has been settled. */
    private void startAfresh(LocalSession old, FreshReason reason) {
        if (old.isConnected() || !old.lifecycle().isOn(link)) {
            admission.resumed(); // the connection was lost meanwhile: the session waits for the next attempt
            return;
        }
        if (old.isClosed()) { // it was sent away meanwhile, and cannot be given its last words
            admission.resumed();
            old.lifecycle().close(DisconnectReason.SERVER_DISCONNECT);
            return;
        }
        old.lifecycle().close(DisconnectReason.NOT_RECOVERED);
        begin(reason);
    }

    private void begin(FreshReason reason) {
        admission.begin(freshId, principal, reason);
    }

    private void fresh(FreshReason reason) {
        admission.fresh(freshId, principal, reason);
    }

    /** What the backend cannot answer in time is asked again by the client's next attempt: it has lost nothing yet. */
    private void unanswered() {
        if (context.backend().isDegraded() || recoveries.returns().unanswered(privateId) > MOST_UNANSWERED) {
            fresh(FreshReason.BACKEND_FAILED);
        } else {
            admission.again();
        }
    }

    private void guarded(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            context.lines()
                    .warn(
                            LOG,
                            AddressKey.of(link.request().remoteAddress()),
                            "a session record could not be read",
                            failure);
            unanswered();
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            admission.failed(e);
        }
    }
}
