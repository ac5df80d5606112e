package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.spi.Bus;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What presence does by the clock: asks what there is, and does not wait for ever; looks for clients that are silent, for words that were lost, and for
 * nodes that are known and do not live. One timer for all sessions. Used in the fan-out's turn, but for {@link #stop}.
 */
final class PresenceRounds {
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** So often a lease a round is made, */
    private static final int ROUNDS = 3;
    /** and so often it is asked what there is, */
    private static final int ATTEMPTS = 6;
    /** and a node is dead that was not alive in so many of them. */
    private static final int MISSES = 6;

    private final NodeRuntime runtime;
    private final Log log;
    private final Bus bus;
    private final Leases leases;
    private final Fanout<LocalSession> fanout;
    private final SessionRegistry sessions;
    private final Completeness completeness;
    private final PresenceFold fold;
    private final StatementWriter writer;
    private final AwaySessions away;
    private final Supplier<String> epoch;
    private final Runnable begin;
    private final Duration lease;
    private final Duration lost; // nobody takes on any more what has not been taken on by then
    private final Duration awayStep; // zero: nobody is away by himself
    private final Map<String, Integer> misses = new HashMap<>();
    private volatile boolean stopped;
    private volatile Time.@Nullable Timer round;
    private volatile Time.@Nullable Timer step;
    private volatile Time.@Nullable Timer patience;

    /**
     * @param epoch of the history that this node follows
     * @param begin runs when it is for this node to begin anew
     */
    PresenceRounds(
            PresenceParts parts,
            Completeness completeness,
            PresenceFold fold,
            StatementWriter writer,
            AwaySessions away,
            Supplier<String> epoch,
            Runnable begin) {
        this.runtime = parts.runtime();
        this.log = parts.log();
        this.bus = parts.bus();
        this.leases = parts.backend().leases();
        this.fanout = parts.fanout();
        this.sessions = parts.sessions();
        this.completeness = completeness;
        this.fold = fold;
        this.writer = writer;
        this.away = away;
        this.epoch = epoch;
        this.begin = begin;
        this.lease = parts.lease();
        this.lost = parts.window().plus(parts.lease().multipliedBy(2));
        Duration after = parts.options().awayAfter();
        Duration quarter = after.dividedBy(4);
        this.awayStep = after.isZero() ? Duration.ZERO : quarter.compareTo(SECOND) < 0 ? SECOND : quarter;
    }

    /** For how long a node has had no lease before it is dead although nobody takes it over. */
    static Duration unnoticed(Duration lease) {
        return lease.multipliedBy(MISSES).dividedBy(ROUNDS);
    }

    void start() {
        if (!awayStep.isZero()) {
            nextStep();
        }
    }

    void stop() {
        stopped = true;
        cancel(round);
        cancel(step);
        cancel(patience);
    }

    private static void cancel(Time.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    // ---- asking

    /** Asks what there is. */
    void ask() {
        if (!stopped) {
            ask(1);
        }
    }

    /** The same in a while: what has just been answered is not asked again and again, whatever the answers say. */
    void askLater() {
        cancel(patience);
        patience = after(lease.dividedBy(ROUNDS), () -> {
            if (!knows()) {
                ask(1);
            }
        });
    }

    private boolean knows() {
        return completeness.isComplete() && fold.isReady(runtime.node());
    }

    /** Whoever is to answer may be dead: then it is another one's turn. All have to hear that this node knows, or they do not ask it. */
    private void ask(int attempt) {
        Hello question = completeness.ask(epoch.get());
        cancel(patience);
        patience = after(lease.dividedBy(ROUNDS), () -> {
            if (knows()) {
                return;
            }
            if (attempt >= ATTEMPTS) {
                begin.run();
            }
            ask(attempt + 1);
        });
        append(question).whenComplete((place, failure) -> {
            if (failure == null) {
                expect(question);
            }
        });
    }

    private CompletionStage<Position> append(PresenceNote note) {
        return log.append(new LogEntry.Note(PresenceNote.KIND, PresenceText.write(note)));
    }

    /** Those can answer that live and hear the namespace: whoever was killed a moment ago still has its lease, and does not hear. */
    private void expect(Hello question) {
        leases.living()
                .thenCompose(living -> bus.hearing(others(living)))
                .thenAccept(able -> fanout.executeBehind(log.tail(), () -> {
                    if (completeness.isCurrent(question)) {
                        completeness.expect(able);
                        if (completeness.isToBegin()) {
                            begin.run();
                        }
                    }
                }));
    }

    private Set<String> others(Set<String> nodes) {
        Set<String> others = new HashSet<>(nodes);
        others.remove(runtime.node());
        return others;
    }

    // ---- rounds

    /** Something is known: rounds are made until nothing is. */
    void wake() {
        if (round == null) {
            nextRound();
        }
    }

    private void nextRound() {
        round = after(lease.dividedBy(ROUNDS), () -> {
            round = null;
            round();
            if (fold.size() > 0 || !writer.isQuiet()) {
                nextRound();
            }
        });
    }

    private void nextStep() {
        step = after(awayStep, () -> {
            for (LocalSession session : List.copyOf(sessions.all())) {
                if (away.isSilent(session)) {
                    writer.changed(session);
                }
            }
            nextStep();
        });
    }

    /** Runs something in turn, unless this node has stopped by then. */
    Time.@Nullable Timer after(Duration delay, Runnable task) {
        return stopped
                ? null
                : runtime.time()
                        .schedule(
                                delay,
                                () -> fanout.execute(() -> {
                                    if (!stopped) {
                                        task.run();
                                    }
                                }));
    }

    private void round() {
        if (!completeness.isComplete()) {
            return;
        }
        writer.compare(lost);
        if (fold.nodes().size() > 1) {
            leases.living().thenAccept(living -> fanout.execute(() -> lookForTheDead(living)));
        }
    }

    /** Nodes that nobody has taken over, since they had no lease any more when they did what is known of them. */
    private void lookForTheDead(Set<String> living) {
        if (stopped || !living.contains(runtime.node())) {
            return;
        }
        List<String> known = fold.nodes();
        misses.keySet().retainAll(known);
        String first = known.stream().filter(living::contains).findFirst().orElse("");
        for (String node : known) {
            if (living.contains(node)) {
                misses.remove(node);
            } else if (misses.merge(node, 1, Integer::sum) >= MISSES && first.equals(runtime.node())) {
                misses.remove(node);
                var unused = writer.gone(node);
            }
        }
    }
}
