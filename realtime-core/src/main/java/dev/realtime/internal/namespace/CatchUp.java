package dev.realtime.internal.namespace;

import dev.realtime.DisconnectReason;
import dev.realtime.FreshReason;
import dev.realtime.Principal;
import dev.realtime.internal.fanout.Delivery;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.rooms.RoomIndex;
import dev.realtime.internal.session.Link;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionScope;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a returned session up to date: what it missed leaves in portions that fit an outbox, each when the one before it has left, and
 * with the last one, in the same turn of the fan-out, the session goes live. A slow client that missed more than an outbox holds is
 * thus served like any other, and what is emitted meanwhile is simply part of what it misses.
 *
 * <p>Portions come from the fan-out's window; what that no longer has is read from the log. All steps run in the fan-out's turn.
 */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final int PAGE = 512;

    private final SessionScope scope;
    private final LocalSession session;
    private final Link link;
    private final Principal principal;
    private final Runnable started;
    private final Consumer<FreshReason> impossible;
    private Position reached;
    private boolean begun;

    /** What was missed, in order. */
    private record Missed(Position position, OutboundMessage message) {}

    /**
     * @param reached the client has everything up to here
     * @param started runs once when it is certain that the session goes on
     * @param impossible told instead when it cannot
     */
    CatchUp(
            SessionScope scope,
            LocalSession session,
            Link link,
            Principal principal,
            Position reached,
            Runnable started,
            Consumer<FreshReason> impossible) {
        this.scope = scope;
        this.session = session;
        this.link = link;
        this.principal = principal;
        this.reached = reached;
        this.started = started;
        this.impossible = impossible;
    }

    void proceed() {
        if (!session.life().isOn(link)) {
            if (!begun) {
                started.run(); // lost before anything was said: the session waits for the next attempt
            }
            return;
        }
        List<Delivery> recent = scope.fanout().missed(reached, session.stays().names());
        if (recent == null) {
            read();
            return;
        }
        List<Missed> missed = new ArrayList<>();
        for (Delivery delivery : recent) {
            if (RoomIndex.concerns(session, session.presence(), delivery.target(), delivery.position())) {
                missed.add(new Missed(delivery.position(), delivery.message(scope.encoder(), true)));
            }
        }
        send(missed, scope.fanout().position(), true);
    }

    private void read() {
        Position tail = scope.fanout().position();
        scope.log()
                .read(reached, tail, PAGE)
                .whenComplete((page, failure) -> scope.fanout().execute(() -> {
                    if (failure != null) {
                        failed(failure);
                        return;
                    }
                    List<Missed> missed = new ArrayList<>();
                    for (PlacedEntry placed : page) {
                        if (placed.entry() instanceof LogEntry.Emit emit
                                && RoomIndex.concerns(session, session.presence(), emit.target(), placed.position())) {
                            missed.add(new Missed(
                                    placed.position(),
                                    OutboundMessage.reliable(scope.encoder()
                                            .event(
                                                    emit.event().json(),
                                                    emit.event().attachments(),
                                                    -1,
                                                    placed.position().toString()))));
                        }
                    }
                    boolean more = page.size() == PAGE;
                    send(missed, more ? page.get(PAGE - 1).position() : tail, false);
                }));
    }

    private void failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean trimmed = cause instanceof Log.TrimmedException;
        if (!trimmed) {
            scope.context()
                    .lines()
                    .warn(LOG, AddressKey.of(link.request().remoteAddress()), "a replay could not be read", cause);
        }
        if (begun) {
            // the client believes in its session: let it come back and be told
            link.close(DisconnectReason.TRANSPORT_ERROR);
        } else {
            impossible.accept(trimmed ? FreshReason.LOG_TRIMMED : FreshReason.BACKEND_FAILED);
        }
    }

    /**
     * Sends as much as fits half an outbox.
     *
     * @param through there is nothing further up to here
     * @param current whether that is where the fan-out is now
     */
    private void send(List<Missed> missed, Position through, boolean current) {
        if (!begin()) {
            return;
        }
        int bytes = 0;
        int count = 0;
        int maxBytes = scope.context().outbox().maxBytes() / 2;
        int maxCount = scope.context().outbox().maxMessages() / 2;
        for (Missed next : missed) {
            if (count > 0 && (count == maxCount || bytes + next.message.size() > maxBytes)) {
                break;
            }
            link.send(next.message);
            reached = next.position;
            bytes += next.message.size();
            count++;
        }
        scope.context().counters().count(Counters.Name.REPLAYED, count);
        boolean all = count == missed.size();
        if (all) {
            reached = through;
        }
        if (all && current) {
            session.life().goLive(link);
            link.flush();
        } else {
            link.flush();
            link.whenSent(() -> scope.fanout().execute(this::proceed));
        }
    }

    private boolean begin() {
        if (begun) {
            return session.life().isOn(link);
        }
        begun = true;
        Principal renewed = principal.anonymous() ? session.principal() : principal;
        boolean resumed = session.life().catchUp(link, renewed, reached);
        started.run();
        return resumed;
    }
}
