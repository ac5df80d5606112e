package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.limits.Escalation;
import java.time.Duration;

/** What the Javadoc of {@link Escalation} shows. */
final class EscalationExamples {
    private EscalationExamples() {}

    static RealtimeBuilder options() {
        return Realtime.builder().escalation(Escalation.DEFAULT.restrictFor(Duration.ofMinutes(10)));
    }
}
