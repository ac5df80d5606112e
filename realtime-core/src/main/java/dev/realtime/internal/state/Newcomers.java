package dev.realtime.internal.state;

import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.state.NewcomerQueue.Newcomer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that begin to watch a state: a write of its own, so that their snapshot stands between two versions in the log. Those that have come by the time of that write share it. Used in the
 * state's turn.
 */
final class Newcomers implements StateCell.Decision {
    private static final int MOST_AT_ONCE = 32;

    private final NewcomerQueue waiting;
    private final long ends;
    private final Supplier<String> room;
    private final StateStore store;
    private final Supplier<CompletionStage<Void>> upToDate;
    private final List<Newcomer> mine = new ArrayList<>();

    /**
     * @param waiting all of the state that have come
     * @param ends see {@link NewcomerQueue#next}
     * @param room of those who watch now
     * @param upToDate completes when this node knows who watches by now, as the log says
     */
    Newcomers(
            NewcomerQueue waiting,
            long ends,
            Supplier<String> room,
            StateStore store,
            Supplier<CompletionStage<Void>> upToDate) {
        this.waiting = waiting;
        this.ends = ends;
        this.room = room;
        this.store = store;
        this.upToDate = upToDate;
    }

    List<Newcomer> mine() {
        return mine;
    }

    /** Takes those that wait; they may have been taken by others before. */
    @Override
    public boolean isNeeded() {
        while (mine.size() < MOST_AT_ONCE) {
            Newcomer next = waiting.next(ends);
            if (next == null) {
                break;
            }
            mine.add(next);
        }
        return !mine.isEmpty();
    }

    @Override
    public CompletionStage<Void> ready() {
        return upToDate.get();
    }

    @Override
    public @Nullable StateText next(Stored stored) {
        StateText before = stored.text();
        List<String> ids = mine.stream()
                .map(Newcomer::session)
                .filter(session -> !session.isClosed() && !isWatching(session))
                .map(LocalSession::id)
                .distinct()
                .toList();
        if (ids.isEmpty()) {
            return null;
        }
        return new StateText(
                before == null ? 0 : stored.version(),
                before == null ? store.now() : before.updatedAt(),
                store.now(),
                StateText.writers(store.newWriter(), before),
                store.epoch(),
                before == null ? "" : before.by(),
                new Untold(false, 0, ids),
                stored.json());
    }

    /** Another node may have let it in, before the session came here. */
    private boolean isWatching(LocalSession session) {
        return session.memberships().open(room.get()) != null;
    }
}
