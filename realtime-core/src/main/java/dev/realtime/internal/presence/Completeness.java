package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.presence.PresenceNote.Unready;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node knows what is to be known. It has asked by a {@link Hello}, and knows it when one that knows has answered with the whole {@link
 * State} as it was at the question's place, and this node has added what has been said since. If nobody knows, since all have just started, nobody
 * has said anything yet either. Used in the fan-out's turn only.
 */
final class Completeness {
    private final String node;
    private final Set<String> unready = new HashSet<>(); // they have answered that they do not know either
    private final Set<String> newcomers = new HashSet<>(); // they have never said anything before
    private final List<State> pages = new ArrayList<>();
    private final List<Placed> since = new ArrayList<>(); // behind the question
    private Hello question;
    private int hearing = Integer.MAX_VALUE;
    private Set<String> living = Set.of(); // of no use while empty
    private boolean asked; // the question has its place
    private volatile boolean complete;

    /** What a node has said, and where. */
    record Placed(Position at, PresenceNote note) {}

    Completeness(String node) {
        this.node = node;
        this.question = new Hello(node, 0);
    }

    /** From any thread. */
    boolean isComplete() {
        return complete;
    }

    /** It has to ask, once more if it has before. */
    Hello ask() {
        question = new Hello(node, question.number() + 1);
        unready.clear();
        newcomers.clear();
        pages.clear();
        since.clear();
        asked = false;
        hearing = Integer.MAX_VALUE;
        living = Set.of();
        complete = false;
        return question;
    }

    boolean isAsking(Hello question) {
        return !complete && this.question.equals(question);
    }

    /** Takes note of what a node says. Returns the whole state if this was its last part; then {@link #since} is to be added to it. */
    @Nullable
    List<State> read(Position at, PresenceNote note) {
        if (complete) {
            return null;
        }
        if (note.equals(question)) {
            asked = true;
        } else if (!asked) {
            return null;
        } else if (note instanceof State page) {
            return page.question().equals(question.name()) ? collected(page) : null;
        } else if (note instanceof Unready answer) {
            if (answer.question().equals(question.name())) {
                unready.add(answer.node());
            }
        } else {
            if (note instanceof Hello other && other.number() == 1) {
                newcomers.add(other.node());
            }
            since.add(new Placed(at, note));
        }
        return null;
    }

    private @Nullable List<State> collected(State page) {
        if (page.page() == 0) {
            pages.clear();
        }
        if (page.page() != pages.size()
                || (page.page() > 0 && !pages.get(0).node().equals(page.node()))) {
            return null; // of another answer
        }
        pages.add(page);
        return pages.size() == page.pages() ? List.copyOf(pages) : null;
    }

    /** What has been said behind the question. */
    List<Placed> since() {
        return List.copyOf(since);
    }

    /**
     * Who can answer.
     *
     * @param others how many other nodes hear the namespace
     * @param nodes those that live
     */
    void expect(int others, Set<String> nodes) {
        hearing = others;
        living = nodes;
    }

    /** Whether nobody knows more than this node does. */
    boolean isAlone() {
        return !complete && asked && (unready.size() >= hearing || (!living.isEmpty() && areUnready(living)));
    }

    private boolean areUnready(Set<String> nodes) {
        for (String other : nodes) {
            if (!other.equals(node) && !unready.contains(other) && !newcomers.contains(other)) {
                return false;
            }
        }
        return true;
    }

    /** This node knows what is to be known. */
    void settle() {
        complete = true;
        pages.clear();
        since.clear();
    }
}
