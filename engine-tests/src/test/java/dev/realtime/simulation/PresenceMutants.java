package dev.realtime.simulation;

import java.util.List;

/** Faults in what nodes say of who is there, for {@link Simulated#PRESENCE}. */
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
                    "apply(said.at(), said.note());",
                    ""),
            new Mutant(
                    "tell an edge on every node",
                    List.of("I10"),
                    "presence/NamespacePresence",
                    "if (fold.teller(node).equals(runtime.node())) {",
                    "if (fold.isReady(runtime.node())) {"),
            new Mutant(
                            "begin anew although somebody else has begun meanwhile",
                            List.of("I10", "I11"),
                            "presence/Completeness",
                            "(!page.isBeginning() || !answered.isAfter(page.at()))",
                            "true")
                    .from(1647),
            new Mutant(
                            "go on as before when others begin anew",
                            List.of("I10", "I11"),
                            "presence/NamespacePresence",
                            "        if (others) {\n            lose();\n        } else if",
                            "        if")
                    .from(7768),
            new Mutant(
                    "leave it to the first in the line to answer, dead or alive",
                    List.of("I11"),
                    "presence/Answers",
                    "} else if (place > 0) {",
                    "} else if (place > 1_000) {"),
            new Mutant(
                    "count those that ask, whoever they are",
                    List.of("I10"),
                    "presence/Completeness",
                    "asking.keySet().containsAll(able)",
                    "asking.size() >= able.size()"));

    private PresenceMutants() {}
}
