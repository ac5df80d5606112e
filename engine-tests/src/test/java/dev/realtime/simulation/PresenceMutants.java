package dev.realtime.simulation;

import java.util.List;

/** Faults in what nodes say of who is there, for {@link PresenceScenario}. */
final class PresenceMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "say that a session has ended which goes on at another node",
                    List.of("I10"),
                    "presence/StatementWriter",
                    "note(session, elsewhere ? Change.ELSEWHERE : Change.ENDED);",
                    "note(session, Change.ENDED);"),
            new Mutant(
                    "forget what a dead node's heir has inherited",
                    List.of("I10", "I11"),
                    "presence/PresenceFold",
                    "if (known.statement.recoverable() && !heir.equals(node)) {",
                    "if (heir.isEmpty()) {"),
            new Mutant(
                    "leave out what was said while the state was on its way",
                    List.of("I9", "I10", "I11"),
                    "presence/NamespacePresence",
                    "completeness.since().forEach(this::catchUp);",
                    ""),
            new Mutant(
                    "tell an edge on every node",
                    List.of("I10"),
                    "presence/NamespacePresence",
                    "if (known && read.node().equals(runtime.node())) {",
                    "if (known) {"));

    private PresenceMutants() {}
}
