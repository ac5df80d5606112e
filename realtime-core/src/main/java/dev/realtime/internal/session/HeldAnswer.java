package dev.realtime.internal.session;

import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.session.Publisher.Published;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An answer that cannot leave yet: what its handler changed is not recorded, what it emitted has no place, or the client does not have it. Until it
 * leaves it counts among what its session holds.
 */
record HeldAnswer(LocalSession session, Link link, OutboundMessage message) {

    /** @param before what it comes behind, besides the record; null for nothing */
    void leaveBehind(CompletableFuture<Void> recorded, @Nullable Published before) {
        session.holds(message.size());
        var unused = recorded.whenComplete((done, elsewhere) -> {
            if (elsewhere != null) {
                over(); // the session goes on without what the handler did: there is nothing to be told
            } else if (before == null) {
                leave();
            } else {
                session.scope().publisher().behind(before, () -> {
                    session.passed(before);
                    session.life().whenUpToDate(link, message.size(), this::leaveInTurn);
                });
            }
        });
    }

    private void leave() {
        link.send(message);
        link.flush();
        over();
    }

    /** Together with the events before it. */
    private void leaveInTurn() {
        if (session.life().live() == link) {
            session.scope().fanout().deliver(session, message);
            over();
        } else {
            leave();
        }
    }

    private void over() {
        session.letGo(message.size());
    }
}
