package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.spi.Bus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers nodes that ask what there is. All that know stand in one line, and the first that lives answers; each of the others does if no answer has come
 * when it would have. So it does not matter how many were killed a moment ago, of whom nobody knows that yet. Two answers do no harm. Used in the
 * fan-out's turn only.
 */
final class Answers {
    /** In such a part of a lease an answer should have come. */
    private static final int PATIENCE = 60;
    /** So many answer one question, at most: then it is asked again. */
    private static final int LONGEST_LINE = 20;

    private final NodeRuntime runtime;
    private final Bus bus;
    private final Fanout<LocalSession> fanout;
    private final Completeness completeness;
    private final PresenceFold fold;
    private final StatementWriter writer;
    private final PresenceRounds rounds;
    private final Duration patience;
    private final Map<String, Question> open = new HashMap<>(); // the last one of each that asks

    /** A question that this node answers if nobody else does. */
    private static final class Question {
        final String name;
        boolean isBeingAnswered; // a part of an answer has come since somebody last looked

        Question(String name) {
            this.name = name;
        }
    }

    Answers(
            PresenceParts parts,
            Completeness completeness,
            PresenceFold fold,
            StatementWriter writer,
            PresenceRounds rounds) {
        this.runtime = parts.runtime();
        this.bus = parts.bus();
        this.fanout = parts.fanout();
        this.completeness = completeness;
        this.fold = fold;
        this.writer = writer;
        this.rounds = rounds;
        this.patience = parts.lease().dividedBy(PATIENCE);
    }

    /** Another node asks. If nobody is known to know, all do that know. */
    void asked(Position at, Hello hello) {
        if (writer.isStopped()) {
            return;
        }
        List<String> line = fold.line(hello);
        int place = line.indexOf(runtime.node());
        if (line.isEmpty() || place == 0) {
            writer.tellState(fold.state(runtime.node(), hello.name(), at));
        } else if (place > 0) {
            Question question = new Question(hello.name());
            open.put(hello.node(), question);
            Set<String> before = new HashSet<>(line.subList(0, place));
            bus.hearing(before)
                    .exceptionally(unknown -> before)
                    .thenAccept(hearing -> fanout.execute(() -> wait(hello.node(), question, hearing.size())));
        }
    }

    /** @param turns that others have before */
    private void wait(String asker, Question question, int turns) {
        if (turns == 0) {
            answer(asker, question);
        } else if (turns < LONGEST_LINE) {
            rounds.after(patience.multipliedBy(turns), () -> {
                boolean comes = question.isBeingAnswered;
                question.isBeingAnswered = false;
                wait(asker, question, comes ? 1 : 0);
            });
        }
    }

    @SuppressWarnings("ReferenceEquality") // it may have asked again, or again the same after a break in the history
    private void answer(String asker, Question question) {
        if (open.get(asker) == question && completeness.isComplete() && !writer.isStopped()) {
            open.remove(asker);
            writer.tellState(fold.state(runtime.node(), question.name, fanout.position()));
        }
    }

    /** Takes note of what nodes say while this one knows: somebody has answered, or nobody asks any more. */
    void read(PresenceNote note) {
        if (note instanceof Gone gone) {
            open.remove(gone.gone());
        } else if (note instanceof Leaving) {
            open.remove(note.node());
        } else if (note instanceof State page) {
            Question question = open.get(page.asker());
            if (question != null && question.name.equals(page.question())) {
                question.isBeingAnswered = true;
                if (page.isLast()) {
                    open.remove(page.asker());
                }
            }
        }
    }

    /** This node does not know any more. */
    void lose() {
        open.clear();
    }
}
