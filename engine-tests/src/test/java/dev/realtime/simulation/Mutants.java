package dev.realtime.simulation;

import java.util.List;
import java.util.stream.Stream;

/** All faults that are planted, each with what is to find it. */
final class Mutants {
    private Mutants() {}

    static Stream<Mutant> all() {
        return Stream.of(
                        under(Simulated.LIBRARY, Mutant.ALL),
                        under(Simulated.STALLED, LaggardMutants.ALL),
                        under(Simulated.USERS, UserMutants.ALL),
                        under(Simulated.LIMITS, LimitMutants.ALL),
                        under(Simulated.PRESENCE, PresenceMutants.ALL),
                        under(Simulated.SCHEDULE, ScheduleMutants.ALL),
                        under(Simulated.MAIL, MailMutants.ALL),
                        under(Simulated.IDEMPOTENCY, IdempotencyMutants.ALL),
                        under(Simulated.STATES, StateMutants.ALL))
                .flatMap(mutants -> mutants);
    }

    private static Stream<Mutant> under(Simulated usual, List<Mutant> mutants) {
        return mutants.stream().map(mutant -> mutant.under() == null ? mutant.under(usual) : mutant);
    }
}
