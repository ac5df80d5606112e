package dev.realtime.simulation;

import java.util.List;

/** Faults in what emits events later, for {@link ScheduleScenario}. */
final class ScheduleMutants {
    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "emit what is due without asking the log for its id",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "appended = log.appendOnce(IN_LOG + job.id(), emit, REMEMBERED);",
                    "appended = log.append(emit).thenApply(place -> new Log.Once(true, place));"),
            new Mutant(
                            "remove what is due although it has no place",
                            List.of("I20"),
                            "schedule/NamespaceSchedule",
                            "            return failure == null;",
                            "            return true;")
                    .under(Simulated.UNHEARD),
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
                    "return log.forbid(IN_LOG + id, REMEMBERED).thenApply(",
                    "return CompletableFuture.completedFuture(new Log.Once(true, null)).thenApply("),
            new Mutant(
                    "say of what has been emitted that it is cancelled",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "thenApply(once -> once.position() == null);",
                    "thenApply(once -> true);"),
            new Mutant(
                    "forget that an event was cancelled",
                    List.of("I20"),
                    "schedule/NamespaceSchedule",
                    "return queues.put(cancelled, note, MOST_CANCELLED)\n",
                    "return CompletableFuture.completedFuture(note)\n"));

    private ScheduleMutants() {}
}
