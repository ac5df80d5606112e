package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.OwnSessions.Page;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.Status;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the log what this node's sessions are. What changes is gathered for a moment and written as one entry; nothing is said before this
 * node knows what there is, since only then it can tell what its own words change. Whoever asks is told everything once more.
 *
 * <p>{@link #changed} and {@link #ended} may be called by any thread; all else happens in the fan-out's turn.
 */
final class StatementWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatementWriter.class);
    /** A log that has taken nothing is left alone for so long. */
    private static final Duration REST = Duration.ofMillis(250);

    private final PresenceOptions options;
    private final NodeRuntime runtime;
    private final Backend backend;
    private final Log log;
    private final Fanout<LocalSession> fanout;
    private final Completeness completeness;
    private final PresenceFold fold;
    private final AwaySessions away;
    private final ShownAttributes shown;
    private final Runnable quiet;
    private final boolean recovers;
    private final long unnoticed;

    private final Map<LocalSession, Change> changes =
            new LinkedHashMap<>(); // since the last gathering; guarded by itself
    private boolean gathering; // guarded by the changes
    private volatile boolean stopped;
    private volatile boolean saying;

    // used in turn only
    private final OwnSessions own;
    private boolean compareDue;
    private Time.@Nullable Timer rest; // of what has to wait
    private final Map<String, CompletionStage<Position>> takeovers = new HashMap<>();
    private final Set<String> takenOver = new HashSet<>(); // dead nodes, as few as there have been

    private enum Change {
        CHANGED,
        ENDED,
        ELSEWHERE
    }

    StatementWriter(
            PresenceParts parts,
            Completeness completeness,
            PresenceFold fold,
            AwaySessions away,
            ShownAttributes shown) {
        this.options = parts.options();
        this.runtime = parts.runtime();
        this.backend = parts.backend();
        this.log = parts.log();
        this.fanout = parts.fanout();
        this.quiet = parts.quiet();
        this.recovers = !parts.window().isZero();
        this.unnoticed = PresenceRounds.unnoticed(parts.lease()).toNanos();
        this.completeness = completeness;
        this.fold = fold;
        this.away = away;
        this.shown = shown;
        this.own = new OwnSessions(runtime.time(), this::describeAlone);
    }

    boolean isDegraded() {
        return backend.isDegraded();
    }

    // ---- from any thread

    void changed(LocalSession session) {
        note(session, Change.CHANGED);
    }

    void ended(LocalSession session, boolean elsewhere) {
        note(session, elsewhere ? Change.ELSEWHERE : Change.ENDED);
    }

    private void note(LocalSession session, Change change) {
        synchronized (changes) {
            Change before = changes.get(session);
            if (before == null || before == Change.CHANGED) {
                changes.put(session, change);
            }
        }
        gather(options.gather());
    }

    private void gather(Duration time) {
        synchronized (changes) {
            if (gathering || stopped) {
                return;
            }
            gathering = true;
            saying = true;
        }
        if (time.isZero()) {
            fanout.execute(this::say);
        } else {
            runtime.time().schedule(time, () -> fanout.execute(this::say));
        }
    }

    /** Nothing is said any more. */
    void stop() {
        stopped = true;
    }

    /** The node stops: others tell the application from here on. Completes when this node has told what stands before that, or cannot. */
    CompletionStage<Void> takeLeave() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        append(new Leaving(runtime.node())).whenComplete((place, failure) -> {
            if (failure == null) {
                fanout.executeBehind(place, () -> told.complete(null));
            } else {
                told.complete(null);
            }
        });
        return told;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Whether there is nothing to be said any more. */
    boolean isQuiet() {
        return stopped || !saying;
    }

    /** The namespace ends here: whatever somebody believes to be here is not. */
    void leave() {
        var unused = append(new Gone(runtime.node(), runtime.node()));
    }

    // ---- in turn

    private void take() {
        Map<LocalSession, Change> taken;
        synchronized (changes) {
            taken = new LinkedHashMap<>(changes);
            changes.clear();
        }
        taken.forEach((session, change) -> {
            if (change == Change.CHANGED) {
                own.changed(session);
            } else {
                boolean known = !completeness.isComplete() || fold.find(session.id()) != null;
                own.ended(session, change == Change.ELSEWHERE, known);
            }
        });
    }

    private void say() {
        synchronized (changes) {
            gathering = false;
        }
        take();
        if (stopped) {
            return;
        }
        if (backend.isDegraded()) {
            gather(REST);
            return;
        }
        if (!completeness.isComplete()) {
            own.takeClaimed().forEach(this::write);
            sayRestLater();
            return; // goes on when it is
        }
        if (compareDue) {
            compareDue = false;
            own.compare(fold, runtime.node(), fanout.position());
        }
        own.takeUnsaid().forEach(this::write);
        sayRestLater();
        settle();
    }

    /** What has to wait holds up nothing else. */
    private void sayRestLater() {
        if (rest != null) {
            rest.cancel();
        }
        Duration wait = own.toWait();
        rest = wait.isZero() ? null : runtime.time().schedule(wait, () -> fanout.execute(this::say));
    }

    private void write(Page page) {
        append(OwnSessions.note(runtime.node(), page))
                .whenComplete((position, failure) -> fanout.execute(() -> {
                    if (failure == null) {
                        own.placed(page, position);
                    } else {
                        own.lost(page);
                        gather(REST);
                    }
                    settle();
                }));
    }

    private CompletionStage<Position> append(PresenceNote note) {
        runtime.counters().count(Counters.Name.LOG_APPENDED);
        try {
            return log.append(new LogEntry.Note(PresenceNote.KIND, PresenceText.write(note)));
        } catch (RuntimeException e) {
            runtime.lines().error(LOG, "presence", "what this node says of its sessions has no form for the log", e);
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle() {
        boolean was = saying;
        synchronized (changes) {
            saying = gathering || !changes.isEmpty() || !own.isEmpty() || own.isEnding();
        }
        if (was && !saying) {
            quiet.run();
        }
    }

    /** Null if that fails, which is no reason to say nothing of the others. */
    private @Nullable SessionStatement describeAlone(LocalSession session) {
        try {
            return describe(session);
        } catch (RuntimeException e) {
            runtime.lines().error(LOG, session.id(), "nothing can be said of session {}", session.id(), e);
            return null;
        }
    }

    private SessionStatement describe(LocalSession session) {
        boolean there = session.hasClient();
        away.connection(session, there);
        long since = there ? away.since(session) : 0;
        List<String> rooms = new ArrayList<>();
        if (!options.rooms().isEmpty()) {
            for (RoomKey room : session.rooms()) {
                if (options.rooms().stream().anyMatch(kind -> kind.includes(room))) {
                    rooms.add(room.toString());
                }
            }
            rooms.sort(null);
        }
        Status status = !there ? Status.RECONNECTING : since == 0 ? Status.CONNECTED : Status.AWAY;
        return new SessionStatement(
                session.id(),
                session.principal().anonymous() ? null : session.principal().id(),
                session.ownership().fence(),
                status,
                since,
                recovers,
                List.copyOf(rooms),
                shown.of(session));
    }

    /** Says soon what others do not know, whatever the reason. */
    void compareSoon() {
        compareDue = true;
        gather(options.gather());
    }

    // ---- those who ask

    void tellState(List<State> pages) {
        pages.forEach(page -> append(page));
    }

    /** This node knows what there is. */
    void complete(Position at) {
        take();
        inherit(0);
        own.leaveUnclaimed(takenOver::contains);
        own.compare(fold, runtime.node(), at);
        gather(Duration.ZERO);
    }

    /** What has been lost on the way is said again, and what nobody has taken on is over. */
    void compare(Duration patience) {
        own.endLost(patience.toNanos(), unnoticed);
        own.compare(fold, runtime.node(), fanout.position());
        if (!own.isEmpty()) {
            gather(options.gather());
        }
    }

    // ---- the dead

    void saidElsewhere(SessionStatement session) {
        own.saidElsewhere(session);
    }

    /** This node takes a dead one over, and says so. */
    void takesOver(String dead) {
        if (!stopped) {
            takeovers.put(dead, gone(dead));
        }
    }

    /** A node is dead whom nobody takes over. */
    CompletionStage<Position> gone(String dead) {
        return append(new Gone(runtime.node(), dead));
    }

    /** What could be taken over is here; nobody else will take the rest. */
    void hasTakenOver(String dead) {
        CompletionStage<Position> place = takeovers.remove(dead);
        if (place != null) {
            takenOver.add(dead);
            place.thenAccept(position -> fanout.executeBehind(position, () -> {
                if (!completeness.isComplete()) {
                    return; // when it knows, it sees what it has not claimed
                }
                take(); // what has been taken over is said to be here before anything else
                own.leaveUnclaimed(dead::equals);
                gather(options.gather());
            }));
        }
    }

    /** @param ago for how many nanoseconds those that had them have been known to be dead */
    private void inherit(long ago) {
        for (Known known : fold.at(runtime.node())) {
            if (known.isInherited()) {
                own.inherits(known.statement(), known.author(), ago);
            }
        }
    }

    void read(Gone gone) {
        if (gone.gone().equals(runtime.node())) {
            if (!gone.node().equals(runtime.node())) {
                compareSoon(); // not at all
            }
        } else if (gone.node().equals(runtime.node())) {
            inherit(takeovers.containsKey(gone.gone()) ? 0 : unnoticed);
        }
    }
}
