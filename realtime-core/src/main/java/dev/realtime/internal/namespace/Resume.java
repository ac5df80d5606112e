package dev.realtime.internal.namespace;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.internal.fanout.Delivery;
import dev.realtime.internal.node.NodeContext;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.Link;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Position;
import dev.realtime.spi.SessionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that wants its session back: look at the record without touching it, check that it may have it, claim it, hold live
 * deliveries, replay what it missed, release. Whatever cannot be exact ends in a fresh session with a {@link FreshReason}.
 */
final class Resume {
    private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
    private static final int PAGE = 512;

    private final LocalNamespace namespace;
    private final SessionScope scope;
    private final NodeContext context;
    private final Link link;
    private final Principal principal;
    private final String privateId;
    private final @Nullable String offset;
    private final Admission admission;
    private final String freshId;

    Resume(
            LocalNamespace namespace,
            Link link,
            Principal principal,
            String privateId,
            @Nullable String offset,
            Admission admission,
            String freshId) {
        this.namespace = namespace;
        this.scope = namespace.scope();
        this.context = scope.context();
        this.link = link;
        this.principal = principal;
        this.privateId = privateId;
        this.offset = offset;
        this.admission = admission;
        this.freshId = freshId;
    }

    void start() {
        context.backend()
                .sessions()
                .find(privateId)
                .whenComplete((found, failure) -> guarded(failure, () -> look(found)));
    }

    /** Nothing is touched before the client has shown that the session is its own: a stolen private id disturbs nobody. */
    private void look(Optional<SessionRecord> found) {
        SessionRecord session = found.orElse(null);
        if (session == null || !session.namespace().equals(namespace.name())) {
            fresh(FreshReason.UNKNOWN_SESSION);
        } else if (!isSame(session.principal())) {
            fresh(FreshReason.CREDENTIALS_CHANGED);
        } else {
            context.backend()
                    .sessions()
                    .claim(privateId, context.node())
                    .whenComplete((claimed, failure) -> guarded(failure, () -> claimed(claimed)));
        }
    }

    private boolean isSame(Principal known) {
        return known.anonymous() ? principal.anonymous() : known.id().equals(principal.id()) && !principal.anonymous();
    }

    private void claimed(Optional<SessionRecord> claimed) {
        SessionRecord session = claimed.orElse(null);
        if (session == null) {
            fresh(FreshReason.UNKNOWN_SESSION);
        } else {
            scope.fanout().execute(() -> guarded(null, () -> take(session)));
        }
    }

    /** In the fan-out's turn: everything up to its position has been delivered to whoever was there, everything behind it is held. */
    private void take(SessionRecord session) {
        LocalSession mine = namespace.byPrivateId(privateId);
        if (mine == null) {
            if (!session.epoch().equals(context.backend().epoch())) {
                fresh(FreshReason.EPOCH_CHANGED);
                return;
            }
            mine = new LocalSession(scope, session);
            mine.await();
            namespace.register(mine);
        }
        Position sent = parse(offset);
        Position tail = scope.fanout().position();
        if (!admission.settle()) {
            return;
        }
        if (!mine.hold(link, session.fence())) {
            // ended, or somebody with a later claim was faster: this connection has nothing to go on with
            if (mine.isClosed()) {
                begin(FreshReason.UNKNOWN_SESSION);
            } else {
                admission.resumed();
                link.close(DisconnectReason.CONNECTION_REPLACED);
            }
            return;
        }
        FreshReason obstacle = obstacle(mine, session, sent, tail);
        if (obstacle != null) {
            startAfresh(mine, obstacle);
            return;
        }
        // what the client is known to have, or was never meant for it, is not looked for
        Position after = Position.max(
                Position.max(
                        sent == null ? Position.START : sent, mine.presence().joined()),
                mine.confirmed());
        if (after.isBefore(mine.stays().exactFrom())) {
            startAfresh(mine, FreshReason.HISTORY_CUT);
            return;
        }
        List<Delivery> recent = scope.fanout().missed(after, mine.stays().names());
        if (recent != null) {
            List<OutboundMessage> missed = new ArrayList<>();
            for (Delivery delivery : recent) {
                if (RoomIndex.concerns(mine, mine.presence(), delivery.target(), delivery.position())) {
                    missed.add(delivery.message(scope.encoder(), true));
                }
            }
            release(mine, missed, after);
        } else {
            read(mine, after, after, tail, new ArrayList<>());
        }
    }

    private @Nullable FreshReason obstacle(
            LocalSession mine, SessionRecord session, @Nullable Position sent, Position tail) {
        if (offset != null && (sent == null || sent.isAfter(tail))) {
            return FreshReason.BAD_OFFSET;
        }
        if (!session.epoch().equals(context.backend().epoch())) {
            return FreshReason.EPOCH_CHANGED;
        }
        for (RoomKey room : mine.rooms()) {
            if (!scope.behaviour().roomRule().test(principal, room)) {
                return FreshReason.ROOM_FORBIDDEN;
            }
        }
        return null;
    }

    private static @Nullable Position parse(@Nullable String text) {
        return text == null ? null : Position.parse(text);
    }

    /** What this node's window no longer has is read from the log, page by page. */
    private void read(LocalSession mine, Position start, Position after, Position tail, List<OutboundMessage> missed) {
        scope.log()
                .read(after, tail, PAGE)
                .whenComplete((page, failure) -> scope.fanout().execute(() -> {
                    if (failure != null) {
                        boolean trimmed = cause(failure) instanceof Log.TrimmedException;
                        if (!trimmed) {
                            LOG.warn("a replay could not be read", failure);
                        }
                        startAfresh(mine, trimmed ? FreshReason.LOG_TRIMMED : FreshReason.BACKEND_FAILED);
                        return;
                    }
                    for (PlacedEntry placed : page) {
                        add(mine, placed, missed);
                    }
                    if (page.size() < PAGE) {
                        release(mine, missed, start);
                    } else if (missed.size() > context.outbox().maxMessages()) {
                        startAfresh(mine, FreshReason.TOO_MUCH_MISSED);
                    } else {
                        read(mine, start, page.get(page.size() - 1).position(), tail, missed);
                    }
                }));
    }

    private void add(LocalSession mine, PlacedEntry placed, List<OutboundMessage> missed) {
        if (placed.entry() instanceof LogEntry.Emit emit
                && RoomIndex.concerns(mine, mine.presence(), emit.target(), placed.position())) {
            missed.add(OutboundMessage.reliable(scope.encoder()
                    .event(
                            emit.event().json(),
                            emit.event().attachments(),
                            -1,
                            placed.position().toString())));
        }
    }

    private void release(LocalSession mine, List<OutboundMessage> missed, Position since) {
        Principal renewed = principal.anonymous() ? mine.principal() : principal;
        if (mine.release(link, renewed, missed, since)) {
            admission.resumed();
        } else {
            startAfresh(mine, FreshReason.TOO_MUCH_MISSED);
        }
    }

    /** The old session ends, since its client goes on without it. In the fan-out's turn, after the admission has been settled. */
    private void startAfresh(LocalSession old, FreshReason reason) {
        if (old.isConnected() || old.isClosed() || !old.isOn(link)) {
            admission.resumed(); // the connection was lost meanwhile: the session waits for the next attempt
            return;
        }
        old.close(DisconnectReason.NOT_RECOVERED);
        begin(reason);
    }

    private void begin(FreshReason reason) {
        admission.begin(freshId, principal, reason);
    }

    private void fresh(FreshReason reason) {
        admission.fresh(freshId, principal, reason);
    }

    private void guarded(@Nullable Throwable failure, Runnable step) {
        if (failure != null) {
            LOG.warn("a session record could not be read", failure);
            fresh(FreshReason.BACKEND_FAILED);
            return;
        }
        try {
            step.run();
        } catch (RuntimeException e) {
            admission.failed(e);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
