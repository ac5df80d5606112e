package dev.realtime.internal.state;

import dev.realtime.Position;
import dev.realtime.Session;
import dev.realtime.internal.fanout.NoteReader;
import dev.realtime.internal.fanout.PartedEvent;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.node.UnseenFailures;
import dev.realtime.internal.rooms.Membership;
import dev.realtime.internal.rooms.NamedRooms;
import dev.realtime.internal.session.DeclaredState;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionChanges;
import dev.realtime.internal.system.UserStage;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import dev.realtime.state.State;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import dev.realtime.state.States;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared states of a namespace at this node. It looks after those that sessions of this node watch: what another node has written, and not told since it was killed, is told, and
 * nothing runs out while it is watched. Thread-safe.
 */
public final class NamespaceStates implements NoteReader, SessionChanges {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceStates.class);
    private static final String GIVE_WAY =
            "state-way"; // a note: the node, and the state on which it is always too late
    private static final Duration LOOKED_AFTER = Duration.ofSeconds(10);
    private static final int LOOKED_AT = 1_000; // each time at least
    private static final int MOST_ROUNDS =
            30; // until all were looked at: the log remembers three times as long what it was told
    private static final int MOST_DOUBTFUL = 10_000;

    private final StateParts parts;
    private final NodeRuntime runtime;
    private final StateStore store;
    private final StateCells cells = new StateCells();
    private final Map<String, TypedStates<?>> states = new LinkedHashMap<>();
    private final Map<String, DeclaredState<?>> declared = new LinkedHashMap<>();
    private final ChangeTeller teller;
    private final UnseenFailures unseen;
    private final WatchPlaces places;
    private final Set<String> doubtful =
            ConcurrentHashMap.newKeySet(); // rooms of states of which a write may be untold
    private final AtomicBoolean looking = new AtomicBoolean(); // soon
    private final int rounds; // until all that is watched was looked at
    private volatile boolean stopped;
    private String lookedAtLast = ""; // used by one look after the other

    @SuppressWarnings("this-escape") // only kept
    public NamespaceStates(StateParts parts) {
        this.parts = parts;
        this.runtime = parts.runtime();
        this.store = new StateStore(parts.backend(), runtime, parts.writes());
        this.places = new WatchPlaces(parts.namespace(), parts.rooms());
        this.unseen = new UnseenFailures(
                parts.namespace(), runtime.time(), runtime.workers(), runtime.counters(), runtime.lines());
        this.teller = new ChangeTeller(runtime, this::tell);
        this.rounds = rounds(parts.declared());
        parts.declared().forEach(this::declare);
    }

    /** So many that what is written again when half of its time is over does not run out before. */
    private static int rounds(List<DeclaredState<?>> declared) {
        Duration shortest = declared.stream()
                .map(state -> state.contract().timeToLive())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return (int) Math.max(1, Math.min(MOST_ROUNDS, shortest.dividedBy(4).dividedBy(LOOKED_AFTER)));
    }

    private <T> void declare(DeclaredState<T> state) {
        State<T> contract = state.contract();
        boolean noted = !state.listeners().isEmpty();
        declared.put(contract.name(), state);
        states.put(
                contract.name(),
                new TypedStates<>(
                        new StateForms<>(
                                contract, parts.json(), parts.payloads(), noted, failure -> unmade(contract, failure)),
                        this));
    }

    private void unmade(State<?> contract, Throwable failure) {
        runtime.lines()
                .error(LOG, "state", "an event of state '{}' cannot be made, and nobody gets it", contract, failure);
    }

    /** The node stops, or the namespace ends here. */
    public void stop() {
        stopped = true;
    }

    /** @throws IllegalStateException if the namespace has no such states */
    @SuppressWarnings("unchecked") // the contract is the one that was declared
    public <T> States<T> of(State<T> contract) {
        Objects.requireNonNull(contract, "contract");
        TypedStates<?> found = states.get(contract.name());
        if (found == null || found.forms().contract() != contract) {
            throw new IllegalStateException("state '" + contract + "' is not declared in " + parts.namespace()
                    + "; NamespaceSetup.state declares it");
        }
        return (States<T>) found;
    }

    StateStore store() {
        return store;
    }

    Executor handlers() {
        return runtime.workers().handlers();
    }

    /** What is known here of states takes so much, about. */
    public long bytes() {
        return cells.bytes();
    }

    /** Runs what somebody has asked for who is on this thread. */
    Executor asker() {
        return runtime.logs().here(handlers());
    }

    <T> StateCell cell(StateForms<T> forms, String key) {
        String contract = forms.contract().name();
        String namespace = parts.namespace();
        String name = "state:" + contract + ":" + namespace.length() + ":" + namespace + ":" + key;
        return cells.cell(
                name,
                () -> new StateCell(
                        name,
                        store,
                        parts.log(),
                        forms.contract().timeToLive(),
                        stored -> forms.announcements(key, stored),
                        () -> askForWay(name),
                        handlers(),
                        runtime.workers()));
    }

    private void askForWay(String name) {
        var unused = parts.log().append(new LogEntry.Note(GIVE_WAY, StateText.word(runtime.node()) + " " + name));
    }

    private void giveWay(String text) {
        int space = text.indexOf(' ');
        StateCell cell = cells.known(text.substring(space + 1));
        if (cell != null && !text.startsWith(StateText.word(runtime.node()) + " ")) {
            cell.giveWay();
        }
    }

    // ---- what the application asks

    /** What it asks of a state, as it is given the answer. */
    <R> CompletionStage<R> asked(StateForms<?> forms, String key, Supplier<CompletionStage<R>> question) {
        IllegalStateException end = parts.lifetime().end();
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        CompletionStage<R> answer;
        try {
            answer = question.get();
        } catch (StateFailedException e) {
            return CompletableFuture.failedFuture(e);
        }
        var unused = answer.whenComplete((value, failure) -> {
            if (failure != null && StateStore.cause(failure) instanceof StateFailedException failed) {
                doubt(failed, forms.watchers(key, store.epoch()));
            }
        });
        return UserStage.of(parts.lifetime().within(answer), asker(), unseen, "state " + key);
    }

    private void doubt(StateFailedException failed, String room) {
        if (failed.reason() == Reason.UNAVAILABLE && doubtful.size() < MOST_DOUBTFUL) {
            doubtful.add(room);
            lookLater();
        }
    }

    /** @throws IllegalArgumentException if it is none of this namespace */
    LocalSession local(Session session) {
        Objects.requireNonNull(session, "session");
        if (!(session instanceof LocalSession local)) {
            throw new IllegalArgumentException(session + " is no session of this engine");
        }
        String own = local.namespace().name();
        if (!own.equals(parts.namespace())) {
            throw new IllegalArgumentException(
                    "session " + session.id() + " is of " + own + " and cannot watch a state of " + parts.namespace());
        }
        return local;
    }

    WatchPlaces places() {
        return places;
    }

    /** A session that has asked to watch does so, or will not. */
    void arrived(LocalSession session, String room) {
        places.arrived(session, room);
        lookLater();
    }

    /** Completes a stage when the fan-out has come to what this node has appended. */
    void whenPassed(CompletableFuture<Void> stage) {
        parts.fanout().executeBehind(parts.log().tail(), () -> stage.complete(null));
    }

    /** Completes when the fan-out has come to the end of the log. */
    CompletionStage<Void> upToDate() {
        return store.answered(() -> parts.log().latest()).thenCompose(this::passed);
    }

    private CompletionStage<Void> passed(Position position) {
        CompletableFuture<Void> passed = new CompletableFuture<>();
        parts.fanout().executeBehind(position, () -> passed.complete(null));
        return passed;
    }

    /** A session watches no longer. */
    CompletionStage<Void> leave(LocalSession session, String room) {
        Target one = new Target(Set.of(session.id()), Set.of(), null);
        return store.answered(() -> parts.log().append(new LogEntry.Leave(one, Set.of(room))))
                .thenCompose(this::passed);
    }

    // ---- what nodes are told

    @Override
    public @Nullable PartedEvent read(Position at, LogEntry.Note note) {
        if (note.kind().equals(GIVE_WAY)) {
            giveWay(note.text());
        }
        if (note.kind().equals(StateNote.KIND)) {
            try {
                teller.tell(StateNote.read(note.text()));
            } catch (IllegalArgumentException e) {
                runtime.lines().warn(LOG, "state", "the note of a state at {} cannot be read and is left out", at, e);
            }
        }
        return null;
    }

    private void tell(StateNote note) {
        TypedStates<?> typed = states.get(note.contract());
        DeclaredState<?> state = declared.get(note.contract());
        if (typed != null && state != null && !state.listeners().isEmpty()) {
            try {
                StateChange<?> change =
                        new StateChange<>(note.key(), typed.forms().value(note));
                parts.tell().accept(state, change);
            } catch (RuntimeException | Error e) {
                runtime.lines().error(LOG, "state", "telling of state {} failed", note.key(), e);
            }
        }
    }

    // ---- what is looked after

    @Override
    public void changed(LocalSession session) {
        if (!looking.get() && isWatching(session)) {
            lookLater();
        }
    }

    private static boolean isWatching(LocalSession session) {
        for (Membership<LocalSession> membership : session.memberships().open()) {
            if (membership.room().startsWith(NamedRooms.STATE)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void ended(LocalSession session, boolean elsewhere) {}

    @Override
    public void active(LocalSession session) {}

    private void lookLater() {
        if (looking.compareAndSet(false, true)) {
            runtime.time().schedule(LOOKED_AFTER, () -> runtime.workers().execute(this::look));
        }
    }

    private void look() {
        if (stopped) {
            return;
        }
        looking.set(false); // whoever begins to watch from here on sees to the next time
        TreeSet<String> rooms = new TreeSet<>();
        for (String room : parts.rooms().names()) {
            if (room.startsWith(NamedRooms.STATE)) {
                rooms.add(room);
            }
        }
        if (!rooms.isEmpty()) {
            lookLater();
        }
        places.watched(rooms);
        List<String> next = new ArrayList<>(doubtful);
        int many = Math.max(LOOKED_AT, (rooms.size() + rounds - 1) / rounds);
        List<String> due =
                rooms.tailSet(lookedAtLast, false).stream().limit(many).toList();
        next.addAll(due);
        lookedAtLast = due.size() < many ? "" : due.get(many - 1);
        next.forEach(this::look);
    }

    private void look(String room) {
        List<String> watched = StateForms.watched(room);
        TypedStates<?> typed = states.get(watched.get(0));
        if (typed == null) {
            return;
        }
        var unused = cell(typed.forms(), watched.get(1)).look().whenComplete((stored, failure) -> {
            if (failure == null) {
                doubtful.remove(room);
            } else {
                if (doubtful.contains(room)) {
                    lookLater();
                }
                runtime.lines().warn(LOG, "state", "{} could not be looked after", room, failure);
            }
        });
    }
}
