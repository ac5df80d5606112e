package dev.realtime.simulation;

import java.util.List;

/** Faults in what all nodes count together, for {@link LimitsScenario}. */
final class LimitMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "share a limit by as many nodes as live",
                    List.of("I13"),
                    "limits/SharedRates",
                    "nodes = Math.max(now, known);",
                    "nodes = now;"),
            new Mutant(
                    "take a share for reserved although another node was faster",
                    List.of("I13"),
                    "limits/RateShare",
                    "if (written.isDone()) {",
                    "if (written != null) {"),
            new Mutant(
                    "use what is given back as long as the answer is under way",
                    List.of("I13"),
                    "limits/RateShare",
                    "permits = Math.min(left, reserved);",
                    "permits = left;"),
            new Mutant(
                    "forget what was admitted while a question was under way",
                    List.of("I13"),
                    "limits/RateShare",
                    "permits = Math.max(0, reserved - since);",
                    "permits = reserved;"),
            new Mutant(
                    "take what others have admitted for older than it is",
                    List.of("I13"),
                    "limits/RateShare",
                    "times[size++] = time.latest(event);",
                    "times[size++] = time.latest(event) - 300_000;"),
            new Mutant(
                    "do not tell what was admitted",
                    List.of("I13"),
                    "limits/RateShare",
                    "                Arrays.copyOf(counts, size),\n",
                    "                new int[size],\n"),
            new Mutant(
                    "forget what others have reserved",
                    List.of("I13"),
                    "limits/Ledger",
                    "int counted = until > moment ? reserved : 0;",
                    "int counted = 0;"),
            new Mutant(
                    "take what others have reserved for over at once",
                    List.of("I13"),
                    "limits/RateShare",
                    "time.latest(now + LONGEST)",
                    "time.latest(now) - 1_000_000"),
            new Mutant(
                    "admit the first event of a user without asking",
                    List.of("I13"),
                    "limits/UserBudgets",
                    "if (share == null || !share.hasPermit(now)) {\n                    return true;",
                    "if (share != null && !share.hasPermit(now)) {\n                    return true;"),
            new Mutant(
                    "give nothing back",
                    List.of("I9"),
                    "limits/RateShare",
                    "if (givesBack || room <= 0) {",
                    "if (room <= 0) {"));

    private LimitMutants() {}
}
