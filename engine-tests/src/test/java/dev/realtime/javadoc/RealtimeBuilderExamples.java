package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.transport.RequestDecision;
import java.util.Set;

/** What the Javadoc of {@link RealtimeBuilder} shows. */
final class RealtimeBuilderExamples {
    private RealtimeBuilderExamples() {}

    static RealtimeBuilder judged(Set<String> banned) {
        return Realtime.builder()
                .allowRequest(request -> banned.contains(request.remoteAddress())
                        ? RequestDecision.refuse(403, "You are banned")
                        : RequestDecision.accept());
    }
}
