package dev.realtime.internal.recovery;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Position;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.internal.presence.NamespacePresence;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.SessionRecord;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The return of a client to its session, which is on this node by now: the rooms are judged again, the session gets the connection, and what was missed
 * is {@linkplain CatchUp caught up with}. If that cannot be exact, the session ends and the client gets a fresh one.
 */
final class SessionReturn {
    private final ResumeAttempt attempt;
    private final SessionRecord session;
    private final LocalSession mine;
    private final @Nullable FreshReason inexact;
    private final NamespaceRecovery recovery;
    private final RecoveryScope scope;
    private volatile Map<RoomKey, Boolean> judged =
            Map.of(); // what the application says of the session's rooms; replaced, not changed

    /**
     * @param session the record as it was claimed
     * @param mine the session on this node
     * @param inexact why it cannot be exact; null if it can
     */
    SessionReturn(ResumeAttempt attempt, SessionRecord session, LocalSession mine, @Nullable FreshReason inexact) {
        this.attempt = attempt;
        this.session = session;
        this.mine = mine;
        this.inexact = inexact;
        this.recovery = attempt.recovery();
        this.scope = recovery.scope();
    }

    /** In the fan-out's turn: everything up to its position has been delivered to whoever was there, everything behind it is caught up with. */
    void take() {
        if (!judged.keySet().containsAll(roomsToJudge())) {
            attempt.connection().share().admit(() -> attempt.guarded(() -> judge()));
            return;
        }
        Position sent = attempt.sent();
        Position tail = scope.fanout().position();
        if (attempt.admission().hasTooManyConnections(attempt.principal(), mine)) {
            String address = attempt.connection().request().remoteAddress();
            attempt.admission()
                    .refuse(scope.tooManyConnections(address, attempt.principal())); // the session goes on waiting
            return;
        }
        if (attempt.admission().leaveUnanswered() || !attempt.admission().settle()) {
            return;
        }
        attempt.admission().presented(mine);
        if (!mine.lifecycle().returned(attempt.connection(), session.home())) {
            // ended, or somebody with a later claim was faster: this connection has nothing to go on with
            if (mine.isClosed()) {
                attempt.begin(FreshReason.UNKNOWN_SESSION);
            } else {
                attempt.admission().resumed();
                attempt.connection().close(DisconnectReason.CONNECTION_REPLACED);
            }
            return;
        }
        // what the client is known to have, or was never meant for it, is not looked for
        Position after = Position.max(
                Position.max(
                        sent == null ? Position.START : sent, mine.presence().joined()),
                mine.history().confirmed());
        recovery.services().attempts().answered(attempt.privateId());
        FreshReason obstacle = inexact != null ? inexact : obstacle(sent, after, tail);
        if (obstacle != null) {
            startAfresh(obstacle);
        } else {
            NamespacePresence presence = scope.presence();
            if (presence != null) {
                presence.returns(mine, after, true);
            }
            new CatchUp(attempt, mine, after, outcome()).proceed();
        }
    }

    private CatchUp.Outcome outcome() {
        return new CatchUp.Outcome() {
            @Override
            public void started() {
                attempt.admission().back(mine);
                attempt.admission().resumed();
            }

            @Override
            public void impossible(FreshReason reason) {
                scope.fanout().execute(() -> attempt.guarded(() -> startAfresh(reason)));
            }

            @Override
            public void unanswered() {
                if (attempt.isHopeless()) {
                    impossible(FreshReason.BACKEND_FAILED);
                } else {
                    attempt.admission().leave(); // the session waits for the next attempt
                }
            }
        };
    }

    private @Nullable FreshReason obstacle(@Nullable Position sent, Position after, Position tail) {
        String epoch = scope.backend().epoch();
        if (!session.epoch().equals(epoch) || !mine.history().epoch().equals(epoch)) {
            return FreshReason.EPOCH_CHANGED;
        }
        if (attempt.offset() != null && (sent == null || sent.isAfter(tail))) {
            return FreshReason.BAD_OFFSET;
        }
        for (RoomKey room : roomsToJudge()) {
            if (!judged.getOrDefault(room, false)) {
                return FreshReason.ROOM_FORBIDDEN;
            }
        }
        return after.isBefore(mine.memberships().exactFrom()) ? FreshReason.HISTORY_CUT : null;
    }

    private Set<RoomKey> roomsToJudge() {
        Set<RoomKey> rooms = new LinkedHashSet<>();
        for (RoomKey room : mine.rooms()) {
            if (scope.roomRules().concern(principal(), room)) {
                rooms.add(room);
            }
        }
        return rooms;
    }

    /** Who the session is to be from now on. */
    private Principal principal() {
        return attempt.principal().anonymous() ? mine.principal() : attempt.principal();
    }

    /** The rule is the application's, so it is asked outside of the fan-out's turn; what the session has joined meanwhile, it is asked again. */
    private void judge() {
        Map<RoomKey, Boolean> answers = new HashMap<>();
        for (RoomKey room : roomsToJudge()) {
            answers.put(room, scope.roomRules().allow(principal(), room));
        }
        judged = answers;
        scope.fanout().execute(() -> attempt.guarded(() -> take()));
    }

    /** The old session ends, since its client goes on without it. In the fan-out's turn, after the attempt.admission() has been settled. */
    private void startAfresh(FreshReason reason) {
        if (mine.isConnected() || !mine.connection().is(attempt.connection())) {
            attempt.admission().resumed(); // the connection was lost meanwhile: the session waits for the next attempt
            return;
        }
        if (mine.isClosed()) { // it was sent away meanwhile, and cannot be given its last words
            attempt.admission().resumed();
            mine.closing().close(DisconnectReason.SERVER_DISCONNECT);
            return;
        }
        mine.closing().close(DisconnectReason.NOT_RECOVERED);
        attempt.begin(reason);
    }
}
