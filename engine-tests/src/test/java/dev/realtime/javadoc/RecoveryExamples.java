package dev.realtime.javadoc;

import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import java.time.Duration;

/** What the Javadoc of {@link Recovery} shows. */
final class RecoveryExamples {
    private RecoveryExamples() {}

    static RealtimeBuilder options() {
        RealtimeBuilder builder = Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(5)).maxEntries(20_000));
        return builder;
    }

    static void world(NamespaceSetup game) {
        game.onFresh((session, reason) -> session.join("zone:entrance")); // it may have missed something
        game.onResume(session -> {}); // it has missed nothing
    }
}
