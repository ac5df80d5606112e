package dev.realtime.simulation;

import java.util.List;

/** Faults in what emits events later, for {@link ScheduleScenario}. */
final class ScheduleMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "emit what is due without asking the log for its id",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "appended = log.appendOnce(job.id(), emit, REMEMBERED);",
                    "appended = log.append(emit).thenApply(place -> new Log.Once(true, place));"),
            new Mutant(
                    "remove what is due before it has its place",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))\n",
                    "        return CompletableFuture.completedFuture(null)\n"),
            new Mutant(
                    "leave what others have scheduled to them",
                    List.of("I20"),
                    "schedule/ScheduleClock",
                    "        plan(mine != null && mine - when < 0 ? mine : when);",
                    "        if (mine != null) { plan(mine); }"),
            new Mutant(
                    "cancel what may be on its way into the log",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "return log.forbid(id, REMEMBERED).thenCompose(once -> {",
                    "return CompletableFuture.completedFuture(new Log.Once(true, null)).thenCompose(once -> {"),
            new Mutant(
                    "say of what has been emitted that it is cancelled",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "boolean prevented = once.position() == null && (known || !once.isNew());",
                    "boolean prevented = known || !once.isNew();"));

    private ScheduleMutants() {}
}
