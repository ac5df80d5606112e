package dev.realtime.simulation;

import java.util.List;

/** Faults in shared states, for {@link StatesScenario}. */
final class StateMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "write behind a version that nobody has told",
                    List.of("I26"),
                    "state/StateCell",
                    "return store.find(name).thenCompose(now -> settle(now, MOST_ATTEMPTS));",
                    "return store.find(name).thenCompose(this::remember);"),
            new Mutant(
                    "tell what has been told already",
                    List.of("I26"),
                    "state/StateCell",
                    "log.appendOnce(one.id(writer), one.entry(), REMEMBERED)",
                    "log.append(one.entry())"),
            new Mutant(
                    "let a session in that watches already",
                    List.of("I26"),
                    "state/Newcomers",
                    "return session.memberships().open(room.get()) != null;",
                    "return false;"),
            new Mutant(
                    "do again what was done and not answered",
                    List.of("I26"),
                    "state/StateStore",
                    "return CompletableFuture.completedStage(new Put(now.has(text.writer()), now));",
                    "return CompletableFuture.completedStage(new Put(false, now));"),
            new Mutant(
                    "go on with a version of an earlier epoch",
                    List.of("I26"),
                    "state/StateCell",
                    "if (isOfThisEpoch(stored) && !isOlderThanKnown(stored)) {",
                    "if (text != null) {"));

    private StateMutants() {}
}
