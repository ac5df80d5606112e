package dev.realtime.internal.state;

import dev.realtime.Session;
import dev.realtime.internal.options.Range;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.state.NewcomerQueue.Newcomer;
import dev.realtime.state.SharedState;
import dev.realtime.state.StateAuthority;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import dev.realtime.state.StateValue;
import dev.realtime.state.StateWrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One state as the application sees it. Immutable. */
final class TypedState<T> implements SharedState<T> {
    private static final int LONGEST_BY = 256;
    private static final int MOST_DECISIONS = 16;
    private static final Comparator<StateValue<?>> RULE =
            Comparator.<StateValue<?>>comparingLong(StateValue::version).thenComparing(StateValue::updatedAt);

    private final String key;
    private final StateForms<T> forms;
    private final NamespaceStates namespace;

    TypedState(String key, StateForms<T> forms, NamespaceStates namespace) {
        this.key = key;
        this.forms = forms;
        this.namespace = namespace;
    }

    @Override
    public String key() {
        return key;
    }

    private StateCell cell() {
        return namespace.cell(forms, key);
    }

    // ---- values

    @Override
    public CompletionStage<StateValue<T>> read() {
        return namespace.asked(forms, key, () -> cell().read().thenApply(forms::value));
    }

    @Override
    public CompletionStage<StateWrite<T>> compareAndSet(long expectedVersion, T value, String by) {
        String json = forms.json(value);
        String named = checked(by);
        return namespace.asked(
                forms,
                key,
                () -> cell().write(
                                stored -> isExpected(stored, expectedVersion) ? next(stored, json, named, 0) : null,
                                Runnable::run)
                        .thenApply(put -> new StateWrite<>(put.isDone(), forms.value(put.stored()))));
    }

    private static boolean isExpected(Stored stored, long version) {
        return version == 0 ? stored.json() == null : stored.json() != null && stored.version() == version;
    }

    @Override
    public CompletionStage<StateValue<T>> update(String by, UnaryOperator<T> change) {
        Objects.requireNonNull(change, "change");
        String named = checked(by);
        return namespace.asked(
                forms,
                key,
                () -> cell().write(stored -> changed(stored, change, named), namespace.asker())
                        .thenApply(put -> forms.value(put.stored())));
    }

    private @Nullable StateText changed(Stored stored, UnaryOperator<@Nullable T> change, String by) {
        T before = forms.value(stored).value();
        T after = change.apply(before);
        return after == before ? null : next(stored, after == null ? null : forms.json(after), by, 0);
    }

    @Override
    public CompletionStage<StateValue<T>> remove(String by) {
        String named = checked(by);
        return namespace.asked(
                forms,
                key,
                () -> cell().write(stored -> stored.json() == null ? null : next(stored, null, named, 0), Runnable::run)
                        .thenApply(put -> forms.value(put.stored())));
    }

    private static String checked(String by) {
        Range.wellFormed("by", by);
        if (by.length() > LONGEST_BY) {
            throw new IllegalArgumentException(
                    "who changes a state is named by at most " + LONGEST_BY + " characters, but by " + by.length());
        }
        return by;
    }

    /** @param conflicts see {@link Untold} */
    private StateText next(Stored before, @Nullable String json, String by, int conflicts) {
        StateStore store = namespace.store();
        return new StateText(
                0,
                store.now(),
                store.now(),
                StateText.writers(store.newWriter(), before.text()),
                store.epoch(),
                by,
                new Untold(true, conflicts, List.of()),
                json);
    }

    // ---- copies in conflict

    @Override
    public CompletionStage<StateValue<T>> resolve(List<StateValue<T>> copies) {
        List<StateValue<T>> given = List.copyOf(copies);
        if (given.isEmpty()) {
            throw new IllegalArgumentException(
                    "at least one copy is in conflict with the shared state, but none is given");
        }
        return namespace.asked(forms, key, () -> resolve(given, MOST_DECISIONS));
    }

    private CompletionStage<StateValue<T>> resolve(List<StateValue<T>> given, int decisions) {
        return cell().read().thenCompose(stored -> {
            StateValue<T> shared = forms.value(stored);
            List<StateValue<T>> all = new ArrayList<>(given);
            if (shared.isPresent()) {
                all.add(shared);
            }
            return winner(all).thenCompose(winner -> resolve(given, decisions, stored, all.size(), winner));
        });
    }

    private CompletionStage<StateValue<T>> winner(List<StateValue<T>> all) {
        StateValue<T> byRule = all.stream().max(RULE).orElseThrow(); // of equal ones the last, the shared one
        StateAuthority<T> authority = forms.contract().authority().orElse(null);
        if (authority == null) {
            return CompletableFuture.completedStage(byRule);
        }
        return CompletableFuture.supplyAsync(() -> authority.decide(key, List.copyOf(all)), namespace.asker())
                .thenCompose(decided -> decided)
                .thenApply(decided -> decided == null ? byRule : decided);
    }

    private CompletionStage<StateValue<T>> resolve(
            List<StateValue<T>> given, int decisions, Stored stored, int conflicts, StateValue<T> winner) {
        T value = winner.value();
        String json = value == null ? null : forms.json(value);
        boolean isShared = Objects.equals(json, stored.json());
        return cell().write(
                        now -> {
                            if (now.version() != stored.version()) {
                                return null;
                            }
                            return isShared
                                    ? confirmed(now, conflicts)
                                    : next(now, json, checked(winner.updatedBy()), conflicts);
                        },
                        Runnable::run)
                .thenCompose(put -> {
                    if (put.isDone()) {
                        return CompletableFuture.completedStage(forms.value(put.stored()));
                    }
                    return decisions == 1
                            ? CompletableFuture.failedStage(new StateFailedException(
                                    Reason.CONTENDED, "the state changed while its copies were compared", null))
                            : resolve(given, decisions - 1);
                });
    }

    /** The shared state holds, and that is told. */
    private StateText confirmed(Stored stored, int conflicts) {
        StateStore store = namespace.store();
        StateText text = stored.text();
        return new StateText(
                stored.version(),
                text == null ? store.now() : text.updatedAt(),
                store.now(),
                StateText.writers(store.newWriter(), text),
                store.epoch(),
                text == null ? "" : text.by(),
                new Untold(false, conflicts, List.of()),
                stored.json());
    }

    // ---- clients

    @Override
    public CompletionStage<Void> watch(Session session) {
        LocalSession local = namespace.local(session);
        return namespace.asked(forms, key, () -> {
            if (local.isClosed()) {
                return CompletableFuture.completedStage(null);
            }
            String room = room();
            namespace.places().take(local, room);
            StateCell cell = cell();
            Newcomer newcomer = cell.newcomers().add(local);
            Newcomers newcomers = new Newcomers(
                    cell.newcomers(), newcomer.ends(), this::room, namespace.store(), namespace::upToDate);
            var unused = cell.write(newcomers, Runnable::run).whenComplete((put, failure) -> {
                newcomers.mine().forEach(one -> settle(one, failure));
                if (failure != null && cell.newcomers().remove(newcomer)) { // nobody has come to it
                    settle(newcomer, failure);
                }
            });
            return newcomer.watches().whenComplete((watches, failure) -> namespace.arrived(local, room));
        });
    }

    private String room() {
        return forms.watchers(key, namespace.store().epoch());
    }

    private void settle(Newcomer newcomer, @Nullable Throwable failure) {
        if (failure == null) {
            namespace.whenPassed(newcomer.watches());
        } else {
            newcomer.watches().completeExceptionally(failure);
        }
    }

    @Override
    public CompletionStage<Void> unwatch(Session session) {
        LocalSession local = namespace.local(session);
        return namespace.asked(forms, key, () -> {
            StateCell cell = cell();
            cell.newcomers().end();
            return cell.queue().inTurn(() -> namespace.leave(local, room()));
        });
    }

    @Override
    public String toString() {
        return "state " + forms.contract() + " of " + key;
    }
}
