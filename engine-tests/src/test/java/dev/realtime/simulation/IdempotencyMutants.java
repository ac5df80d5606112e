package dev.realtime.simulation;

import java.util.List;

/** Faults in what is handled once, for {@link IdempotencyScenario}. */
final class IdempotencyMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "handle a request although another node has claimed it",
                    List.of("I8"),
                    "idempotency/Execution",
                    "if (!written.isDone() && !value.isMine(there)) {\n            found(there);\n            return;",
                    "if (!written.isDone() && !value.isMine(there) && there.text() == null) {\n            found(there);\n"
                            + "            return;"),
            new Mutant(
                    "take a claim for over while its node lives",
                    List.of("I8"),
                    "idempotency/Execution",
                    "return running.until() <= there.at().toEpochMilli() ||",
                    "return running.until() - 700 <= there.at().toEpochMilli() ||"),
            new Mutant(
                    "do not renew a claim while the handler runs",
                    List.of("I8"),
                    "idempotency/Execution",
                    "if (state != State.HELD",
                    "if (state != State.WAITING"),
            new Mutant(
                    "keep no answer",
                    List.of("I8"),
                    "idempotency/Execution",
                    "} else if (came.isKept()) {\n            answer(version());",
                    "} else if (!came.isKept()) {\n            answer(version());"),
            new Mutant(
                    "handle what has come too late",
                    List.of("I8"),
                    "idempotency/Entrant",
                    "now <= sentAt + window && sentAt",
                    "sentAt"),
            new Mutant(
                    "leave a claim behind that nobody uses",
                    List.of("I8", "I9"),
                    "idempotency/Execution",
                    "        all.over(name, this);\n        if (first != null) {",
                    "        if (first != null) {"));

    private IdempotencyMutants() {}
}
