package dev.realtime.internal.presence;

import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.NoteReader;
import dev.realtime.internal.fanout.PartedEvent;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.presence.Completeness.Answer;
import dev.realtime.internal.presence.Completeness.Placed;
import dev.realtime.internal.presence.FoldChanges.UserChange;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionChanges;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.UserPresence;
import dev.realtime.spi.Backend;
import dev.realtime.spi.LogEntry;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence in a namespace of this node: reads what the nodes say, and sees that this one says what its sessions are. {@link PresenceFold} is what
 * comes of it.
 */
public final class NamespacePresence implements Presence, NoteReader, SessionChanges {
    private static final Logger LOG = LoggerFactory.getLogger(NamespacePresence.class);

    private static final int LONGEST_ID = 256; // of a principal

    private final PresenceOptions options;
    private final NodeRuntime runtime;
    private final Backend backend;
    private final Fanout<LocalSession> fanout;
    private final PresenceFold fold = new PresenceFold();
    private final PresenceJson json;
    private final Completeness completeness;
    private final StatementWriter writer;
    private final AwaySessions away;
    private final DiffLoads loads;
    private final PresenceWatchers watchers;
    private final PresenceRounds rounds;
    private final Answers answers;
    private final EdgeTeller teller;
    private final ShownAttributes shown;
    private String epoch; // of what is known; used in turn only
    private long gaps; // before what is known; used in turn only
    private volatile CompletionStage<Void> left = CompletableFuture.completedFuture(null);
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** @param parts what it stands on */
    public NamespacePresence(PresenceParts parts) {
        this.options = parts.options();
        this.runtime = parts.runtime();
        this.backend = parts.backend();
        this.epoch = backend.epoch();
        this.gaps = backend.gaps();
        this.fanout = parts.fanout();
        this.json = new PresenceJson(fold, options.snapshotEvent(), options.diffEvent(), parts.window(), parts.share());
        this.completeness = new Completeness(runtime.node());
        this.away = new AwaySessions(runtime.time(), options.awayAfter());
        this.shown = new ShownAttributes(options, parts.json());
        this.writer = new StatementWriter(parts, completeness, fold, away, shown);
        this.loads = new DiffLoads(parts.share(), options.maxWatched());
        WatcherPace pace = new WatcherPace(fanout, json, runtime.time(), parts.share());
        fanout.partsBy(pace);
        this.watchers = new PresenceWatchers(fanout, parts.sessions(), pace, loads, completeness, options.maxWatched());
        this.rounds = new PresenceRounds(
                parts, completeness, fold, writer, away, () -> epoch, () -> begin(fanout.position()));
        this.answers = new Answers(parts, completeness, fold, writer, rounds);
        this.teller = new EdgeTeller(runtime, parts.tell());
    }

    /** The log is followed from now on. */
    public void start() {
        fanout.execute(() -> {
            lose();
            rounds.start();
        });
    }

    /** The log has lost something, or this node has missed something or was not heard: it asks, and says again what is not known. */
    public void lost() {
        fanout.execute(() -> {
            if (isWhole()) {
                writer.compareSoon();
            } else {
                lose();
            }
        });
    }

    /** The node stops, and says nothing more: whoever takes it over says what becomes of its sessions. */
    public void stop() {
        if (!writer.isStopped()) {
            quit();
            left = writer.takeLeave();
        }
    }

    private void quit() {
        writer.stop();
        rounds.stop();
    }

    /** Completes when the application has been told all that this node was to tell before it stopped. */
    public CompletionStage<Void> left() {
        return left;
    }

    /** The namespace ends here while the node goes on. */
    public void close() {
        if (!writer.isStopped()) {
            quit();
            writer.leave();
        }
    }

    /** Whether there is nothing to be said any more. */
    public boolean isQuiet() {
        return writer.isQuiet();
    }

    /** This node takes a dead one over. */
    public void takesOver(String dead) {
        fanout.execute(() -> writer.takesOver(dead));
    }

    /** What could be taken over of a dead node is here. */
    public void hasTakenOver(String dead) {
        fanout.execute(() -> writer.hasTakenOver(dead));
    }

    /**
     * A client comes back, and is about to be told what it has missed: should it go in the middle of that, what it is to be shown behind it stands in its record. In the fan-out's
     * turn.
     *
     * @param after it has everything up to here
     * @param fromWindow whether what it has missed comes from the memory of this node so far
     */
    public void returns(LocalSession session, Position after, boolean fromWindow) {
        watchers.returns(session, after, fromWindow);
    }

    /**
     * A session is live on a new connection. In the fan-out's turn.
     *
     * @param after its client had everything up to here
     * @param fromWindow whether all that it has missed came from the memory of this node, which has what follows from notes
     */
    public void resumed(LocalSession session, Position after, boolean fromWindow) {
        watchers.resumed(session, after, fromWindow);
    }

    // ---- what nodes say

    @Override
    public @Nullable PartedEvent read(Position at, LogEntry.Note note) {
        if (!note.kind().equals(PresenceNote.KIND)) {
            return null;
        }
        PresenceNote read = PresenceText.read(note.text());
        if (read == null) {
            runtime.lines().warn(LOG, "presence", "the note of presence at {} cannot be read and is left out", at);
            return null;
        }
        if (!isWhole()) {
            lose();
        }
        if (completeness.isComplete()) {
            FoldChanges changes = apply(at, read);
            return changes == null ? null : diff(at, changes);
        }
        Answer answer = completeness.read(at, read);
        if (answer != null) {
            adopt(at, answer);
        } else if (completeness.isToBegin()) {
            begin(at);
        }
        return null;
    }

    private @Nullable PartedEvent diff(Position at, FoldChanges changes) {
        PartedEvent event = json.diff(changes);
        if (event != null) {
            loads.add(at, event);
        }
        return event;
    }

    /** What this node knows follows from the log, wherever it has got it from; what it does itself because of a note does as well. */
    private @Nullable FoldChanges apply(Position at, PresenceNote note) {
        String node = note.node();
        boolean others = note instanceof State state && state.isLast() && state.isBeginning() && fold.counts(state);
        FoldChanges changes = fold.take(at, note);
        answers.read(note);
        if (others) {
            lose();
        } else if (note instanceof Hello hello) {
            asked(at, hello);
        } else if (note instanceof Said said && !node.equals(runtime.node())) {
            said.sessions().forEach(writer::saidElsewhere);
        } else if (note instanceof Gone gone) {
            writer.read(gone);
            if (gone.gone().equals(runtime.node())) {
                lose(); // it lives, and nobody knows any more that it knows
            }
        }
        if (changes != null) {
            json.changed(changes);
            if (fold.size() > 0) {
                rounds.wake();
            }
            if (fold.teller(node).equals(runtime.node())) {
                tell(changes, at);
            }
        }
        return changes;
    }

    private void asked(Position at, Hello hello) {
        if (hello.node().equals(runtime.node())) {
            if (!writer.isStopped()
                    && fold.line(hello).isEmpty()) { // it has been answered, but nobody is left to confirm it
                forget();
                rounds.askLater();
            }
        } else if (hello.epoch().equals(epoch)) {
            answers.asked(at, hello);
        }
    }

    /** What is to be known is known. */
    private void adopt(Position at, Answer answer) {
        boolean again = ready.isDone();
        fold.load(answer.pages(), at);
        json.forgetAll();
        if (answer.isBeginning()) {
            loads.begin();
        } else {
            loads.lose(at);
        }
        for (Placed said : completeness.settle(answer)) {
            if (said.at().equals(at)) {
                fold.take(at, said.note()); // the answer itself
            } else {
                apply(said.at(), said.note());
            }
            if (!completeness.isComplete()) {
                return; // somebody has begun anew meanwhile
            }
        }
        watchers.complete(at, again);
        writer.complete(at);
        if (fold.size() > 0) {
            rounds.wake(); // nobody may say anything more
        }
        ready.complete(null);
    }

    /** Nobody can answer: this node says what there is. Whoever has sessions says so behind that. */
    private void begin(Position at) {
        if (completeness.isComplete() || completeness.isBeginning() || writer.isStopped()) {
            return;
        }
        if (completeness.knew()) {
            completeness.since().forEach(said -> fold.take(said.at(), said.note()));
            json.forgetAll();
        }
        writer.tellState(fold.beginning(runtime.node(), completeness.question().name(), at, completeness.begin()));
    }

    /** Whether this node follows the same history as before, without a gap. */
    private boolean isWhole() {
        return backend.epoch().equals(epoch) && backend.gaps() == gaps;
    }

    private void lose() {
        forget();
        rounds.ask();
    }

    private void forget() {
        epoch = backend.epoch();
        gaps = backend.gaps();
        answers.lose();
        completeness.lose(fanout.position());
    }

    private void tell(FoldChanges changes, Position at) {
        for (UserChange change : changes.users()) {
            if (change.isEdge()) {
                tell(change.user(), change.isOnline(), at);
            }
        }
    }

    private void tell(String user, boolean online, Position at) {
        if (!options.listeners().isEmpty()) {
            teller.tell(new PresenceChange(user, online, at));
        }
    }

    // ---- what this node's sessions do

    @Override
    public void changed(LocalSession session) {
        writer.changed(session);
    }

    @Override
    public void ended(LocalSession session, boolean elsewhere) {
        away.forget(session);
        writer.ended(session, elsewhere);
    }

    @Override
    public void active(LocalSession session) {
        if (away.active(session)) {
            writer.changed(session);
        }
    }

    // ---- what the application asks

    @Override
    public CompletionStage<Void> ready() {
        return ready.thenRunAsync(() -> {}, runtime.workers().handlers());
    }

    @Override
    public boolean isComplete() {
        return completeness.isComplete();
    }

    @Override
    public Online online(String userId) {
        Range.wellFormed("userId", userId);
        if (fold.isOnline(userId)) {
            return Online.YES;
        }
        return completeness.isComplete() && !writer.isDegraded() ? Online.NO : Online.UNKNOWN;
    }

    /** As soon as this node knows, or has waited long enough. */
    public CompletionStage<Online> whenKnown(String userId) {
        Online now = online(userId);
        if (now != Online.UNKNOWN || ready.isDone()) {
            return CompletableFuture.completedFuture(now);
        }
        return ready().thenApply(done -> online(userId));
    }

    @Override
    public UserPresence user(String userId) {
        Range.wellFormed("userId", userId);
        List<Known> sessions = fold.of(userId);
        return shown.user(userId, sessions);
    }

    @Override
    public int population(RoomKey room) {
        return fold.population(room.toString());
    }

    @Override
    public Set<String> users(RoomKey room) {
        Set<String> users = new TreeSet<>();
        for (String who : fold.in(room.toString())) {
            if (!SessionStatement.isNobody(who)) {
                users.add(SessionStatement.userOf(who));
            }
        }
        return users;
    }

    @Override
    public Set<String> users() {
        return fold.users();
    }

    /** What they take, about. */
    public long bytes() {
        return fold.bytes();
    }

    /** Sessions of all nodes that are known here. */
    public int size() {
        return fold.size();
    }

    @Override
    public void away(Session session) {
        LocalSession local = local(session);
        if (away.leaves(local)) {
            writer.changed(local);
        }
    }

    @Override
    public void back(Session session) {
        LocalSession local = local(session);
        if (away.isBack(local)) {
            writer.changed(local);
        }
    }

    @Override
    public void watch(Session session, String userId) {
        watchers.watch(local(session), Watched.user(id(userId)));
    }

    @Override
    public void watch(Session session, RoomKey room) {
        if (options.rooms().stream().noneMatch(kind -> kind.includes(room))) {
            throw new IllegalArgumentException("rooms of kind '" + room.kind() + "' have no presence, but " + room
                    + " is to be watched; PresenceOptions.rooms names those that have: " + options.rooms());
        }
        watchers.watch(local(session), Watched.room(room.toString()));
    }

    @Override
    public void unwatch(Session session, String userId) {
        watchers.unwatch(local(session), Watched.user(id(userId)));
    }

    @Override
    public void unwatch(Session session, RoomKey room) {
        watchers.unwatch(local(session), Watched.room(room.toString()));
    }

    private static String id(String userId) {
        Range.wellFormed("userId", userId);
        if (userId.isEmpty() || userId.length() > LONGEST_ID) {
            throw new IllegalArgumentException("the id of a user has 1 to " + LONGEST_ID
                    + " characters, but that of one to be watched has " + userId.length());
        }
        return userId;
    }

    private static LocalSession local(Session session) {
        Objects.requireNonNull(session, "session");
        if (!(session instanceof LocalSession local)) {
            throw new IllegalArgumentException(session + " is no session of this engine");
        }
        return local;
    }
}
