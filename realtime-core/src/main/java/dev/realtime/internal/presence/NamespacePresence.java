package dev.realtime.internal.presence;

import dev.realtime.Online;
import dev.realtime.Position;
import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.fanout.NoteReader;
import dev.realtime.internal.fanout.PartedEvent;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.presence.Completeness.Placed;
import dev.realtime.internal.presence.FoldChanges.UserChange;
import dev.realtime.internal.presence.PresenceFold.Known;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Ready;
import dev.realtime.internal.presence.PresenceNote.Restated;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.internal.presence.PresenceNote.UntoldEdge;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionChanges;
import dev.realtime.presence.Presence;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.presence.UserPresence;
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
    private final Fanout<LocalSession> fanout;
    private final PresenceFold fold = new PresenceFold();
    private final PresenceJson json;
    private final Completeness completeness;
    private final StatementWriter writer;
    private final AwaySessions away;
    private final PresenceWatchers watchers;
    private final PresenceRounds rounds;
    private final EdgeTeller teller;
    private final ShownAttributes shown;
    private boolean beginning; // it has begun anew, and others will hear of it; used in turn only
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** @param parts what it stands on */
    public NamespacePresence(PresenceParts parts) {
        this.options = parts.options();
        this.runtime = parts.runtime();
        this.fanout = parts.fanout();
        this.json = new PresenceJson(fold, options.snapshotEvent(), options.diffEvent(), parts.window());
        this.completeness = new Completeness(runtime.node());
        this.away = new AwaySessions(runtime.time(), options.awayAfter());
        this.shown = new ShownAttributes(options, parts.json());
        this.writer = new StatementWriter(parts, completeness, fold, away, shown);
        this.watchers = new PresenceWatchers(fanout, parts.sessions(), json, completeness, options.maxWatched());
        this.rounds = new PresenceRounds(parts, completeness, fold, writer, away, at -> complete(at, true));
        this.teller = new EdgeTeller(runtime, parts.tell());
    }

    /** The log is followed from now on. */
    public void start() {
        fanout.execute(rounds::start);
    }

    /** The log has lost something, or this node has missed something: it asks, and says once more what it has. */
    public void lost() {
        fanout.execute(() -> {
            rounds.ask();
            writer.restateSoon();
        });
    }

    /** The node stops, and says nothing more: whoever takes it over says what becomes of its sessions. */
    public void stop() {
        writer.stop();
        rounds.stop();
    }

    /** The namespace ends here while the node goes on. */
    public void close() {
        if (!writer.isStopped()) {
            stop();
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
        boolean before = completeness.isComplete();
        boolean known = ready.isDone(); // what it says itself was true when it was said
        List<State> state = completeness.read(at, read);
        FoldChanges changes = apply(read, false);
        if (state != null) {
            fold.load(state);
            json.forgetAll();
            completeness.since().forEach(this::catchUp);
            if (completeness.since().stream().anyMatch(said -> isBeyond(said.note()))) {
                rounds.ask();
            } else {
                tellUntold();
                complete(at, false);
            }
        } else if (completeness.isAlone()) {
            complete(at, true);
        }
        if (changes == null) {
            return null;
        }
        json.changed(changes);
        fold.made(read.node(), at, changes);
        if (fold.size() > 0) {
            rounds.wake();
        }
        if (known && read.node().equals(runtime.node())) {
            tell(changes, at);
        }
        return before ? json.diff(changes) : null;
    }

    /** @param again this node has answered it before */
    private @Nullable FoldChanges apply(PresenceNote note, boolean again) {
        String node = note.node();
        if (note instanceof Hello hello) {
            fold.asks(node);
            if (!again && !node.equals(runtime.node())) {
                answer(hello);
            }
        } else if (note instanceof Ready) {
            fold.ready(node);
            beginning &= !node.equals(runtime.node());
            if (!again && completeness.isComplete() && !beginning && isBeyond(note)) {
                rounds.ask();
            }
        } else if (note instanceof Said said) {
            if (!node.equals(runtime.node())) {
                said.sessions().forEach(writer::saidElsewhere);
            }
            return fold.said(node, said.generation(), said.sessions(), said.ended());
        } else if (note instanceof Restated restated) {
            return fold.restated(node, restated.generation());
        } else if (note instanceof Gone gone) {
            FoldChanges changes = fold.gone(gone.gone(), node);
            writer.read(gone);
            return changes;
        }
        return null;
    }

    private void catchUp(Placed said) {
        FoldChanges changes = apply(said.note(), true);
        if (changes != null) {
            json.changed(changes);
            fold.made(said.note().node(), said.at(), changes);
        }
    }

    /** What this node has said itself before it knew what there was, however often it had to ask, made these differences. */
    private void tellUntold() {
        if (!ready.isDone()) {
            for (UntoldEdge edge : fold.untold(runtime.node())) {
                tell(edge.user(), edge.online(), edge.at());
            }
        }
    }

    /** Nobody has been told of those who are here. */
    private void tellAll(Position at) {
        Set<String> here = new TreeSet<>();
        for (Known known : fold.at(runtime.node())) {
            String user = known.statement().user();
            if (user != null) {
                here.add(user);
            }
        }
        for (String user : here) {
            tell(user, true, at);
        }
    }

    /** Whoever has begun anew has not been told what this node knows. The latest beginning counts: its state is taken, and what is missing there is said again. */
    private boolean isBeyond(PresenceNote note) {
        return note instanceof Ready now && now.anew() && !now.node().equals(runtime.node()) && fold.size() > 0;
    }

    /** One of those who know tells what there is here; if nobody does, all say so. */
    private void answer(Hello hello) {
        String able = fold.answers(hello);
        if (runtime.node().equals(able) || (able == null && completeness.isComplete())) {
            writer.tellState(fold.state(runtime.node(), hello.name()));
        } else if (able == null) {
            writer.tellUnready(hello.name());
        }
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

    /** What is to be known is known. In the fan-out's turn. */
    private void complete(Position at, boolean anew) {
        boolean again = ready.isDone();
        if (anew && !again) {
            tellAll(at);
        }
        completeness.settle();
        beginning = anew;
        watchers.complete(at, again);
        writer.complete(at, anew);
        ready.complete(null);
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
        Objects.requireNonNull(userId, "userId");
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
        Objects.requireNonNull(userId, "userId");
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
        Objects.requireNonNull(userId, "userId");
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
