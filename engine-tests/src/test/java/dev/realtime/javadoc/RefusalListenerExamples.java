package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.limits.RefusalListener;
import java.util.List;

/** What the Javadoc of {@link RefusalListener} shows. */
final class RefusalListenerExamples {
    private RefusalListenerExamples() {}

    static RealtimeBuilder options(List<String> audit) {
        return Realtime.builder()
                .onRefusal(attempt -> attempt.step().ifPresent(step -> audit.add(step + " " + attempt.client())));
    }
}
