package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Leaving;
import dev.realtime.internal.presence.PresenceNote.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node knows what is to be known: the state at some place of the log, and all that has been said since. While it does not, it asks by a {@link
 * Hello}, and keeps what is said. One that knows answers with the {@link State} at the question's place.
 *
 * <p>If all that could answer ask as well, one of them begins anew: it answers itself. Whether that counts is decided by the log alone, so all that read it agree: it
 * does if nobody has answered anybody between the place as of which it begins and the place where it says so. It is the state for those that it names, since they have everything
 * from there on; all others ask, even if they knew. So two nodes that know always know the same.
 *
 * <p>Used in the fan-out's turn only.
 */
final class Completeness {
    private final String node;
    private final Map<String, Boolean> asking = new TreeMap<>(); // who has asked as well, and whether he knew before
    private final Set<String> told = new HashSet<>(); // who has been answered, and so knows when he has read that
    private final Map<String, List<State>> answers = new HashMap<>(); // by question, as far as they have come
    private final List<Placed> since = new ArrayList<>(); // behind the place from which on it has everything
    private Position from = Position.START; // that place
    private Position answered = Position.START; // where somebody has answered last, behind it
    private Hello question;
    private boolean asked; // the question has its place
    private boolean beginning; // it has answered that question itself
    private boolean knew;
    private @Nullable Set<String> able; // to answer, unless they ask as well; null: nobody has found out
    private volatile boolean complete;

    /** What a node has said, and where. */
    record Placed(Position at, PresenceNote note) {}

    /** All pages of a state that this node can take for its own. */
    record Answer(Position at, List<State> pages) {

        /** Whether a node has begun anew. */
        boolean isBeginning() {
            return pages.get(0).isBeginning();
        }
    }

    Completeness(String node) {
        this.node = node;
        this.question = new Hello(node, 0, "", false);
    }

    /** From any thread. */
    boolean isComplete() {
        return complete;
    }

    /** It does not know any more what there is, and has everything that is said from here on. */
    void lose(Position here) {
        complete = false;
        asked = false;
        from = here;
        answered = Position.START;
        since.clear();
        answers.clear();
        asking.clear();
        told.clear();
    }

    /** It has to ask, once more if it has before. */
    Hello ask(String epoch) {
        question = new Hello(node, question.number() + 1, epoch, knew);
        asked = false;
        beginning = false;
        asking.clear();
        able = null;
        return question;
    }

    boolean isCurrent(Hello question) {
        return this.question.equals(question);
    }

    /** Takes note of what a node says while this one does not know. Returns the state if this was its last part; then {@link #settle} is to be called. */
    @Nullable
    Answer read(Position at, PresenceNote note) {
        if (note instanceof State page) {
            return read(at, page);
        }
        since.add(new Placed(at, note));
        if (note.equals(question)) {
            asked = true;
        } else if (note instanceof Hello other && !other.node().equals(node)) {
            asks(other);
        } else if (note instanceof Leaving) {
            hasLeft(note.node());
        } else if (note instanceof Gone gone) {
            hasLeft(gone.gone());
        }
        return null;
    }

    /** One that has been answered and does not know has written this before he came to the answer. */
    private void asks(Hello other) {
        if (other.knew() || !told.contains(other.node())) {
            told.remove(other.node());
            asking.put(other.node(), other.knew());
        }
    }

    private void hasLeft(String other) {
        asking.remove(other);
        told.remove(other);
        if (able != null) {
            able.remove(other);
        }
    }

    /** Somebody has told it: it can answer from now on. */
    private void knows(String other) {
        asking.remove(other);
        told.add(other);
        if (able != null && !other.equals(node)) {
            able.add(other);
        }
    }

    private @Nullable Answer read(Position at, State page) {
        List<State> pages = collected(page);
        if (!page.isLast()) {
            return null;
        }
        since.add(new Placed(at, page.mark()));
        boolean counts = !page.at().isBefore(from) && (!page.isBeginning() || !answered.isAfter(page.at()));
        if (counts || !page.isBeginning()) {
            knows(page.asker());
        }
        answered = at;
        boolean mine = pages.size() == page.pages()
                && (page.asker().equals(node)
                        || (page.isBeginning() && pages.get(0).ready().contains(node)));
        return counts && mine ? new Answer(page.at(), pages) : null;
    }

    private List<State> collected(State page) {
        String key = page.node() + ' ' + page.question();
        List<State> pages = answers.computeIfAbsent(key, name -> new ArrayList<>());
        if (page.page() == 0) {
            pages.clear();
        }
        if (page.page() == pages.size() && (page.isBeginning() || page.asker().equals(node))) {
            pages.add(page);
        }
        if (page.isLast()) {
            answers.remove(key);
        }
        return pages;
    }

    /**
     * Who could answer when the question had its place. They are known by their names: how many there are says nothing, since those that have asked may be dead by
     * now, and others may have begun since.
     *
     * @param nodes the other nodes that live and hear the namespace
     */
    void expect(Set<String> nodes) {
        able = new HashSet<>(nodes);
    }

    /** Whether all that could answer this node ask as well, and it is for this one to begin anew. */
    boolean isToBegin() {
        return !complete
                && asked
                && !beginning
                && able != null
                && asking.keySet().containsAll(able)
                && isFirst(able);
    }

    /** Of those that knew something the first begins, or of a crowd each would write what it knew. */
    private boolean isFirst(Set<String> among) {
        for (Map.Entry<String, Boolean> other : asking.entrySet()) {
            boolean lives = among.contains(other.getKey());
            if (other.getValue() && lives && (!knew || other.getKey().compareTo(node) < 0)) {
                return false;
            }
        }
        return true;
    }

    /** It answers itself. Returns those that know from then on, if that counts. */
    Set<String> begin() {
        beginning = true;
        Set<String> knowing = new TreeSet<>(asking.keySet());
        knowing.add(node);
        return knowing;
    }

    Hello question() {
        return question;
    }

    boolean isBeginning() {
        return beginning;
    }

    /** Whether it has known before what there was. */
    boolean knew() {
        return knew;
    }

    /** What has been said behind the place from which on it has everything. */
    List<Placed> since() {
        return List.copyOf(since);
    }

    /** This node knows what is to be known. Returns what has been said behind the state that it has got. */
    List<Placed> settle(Answer answer) {
        List<Placed> behind =
                since.stream().filter(said -> said.at().isAfter(answer.at())).toList();
        complete = true;
        knew = true;
        since.clear();
        answers.clear();
        asking.clear();
        told.clear();
        return behind;
    }
}
