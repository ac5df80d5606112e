package dev.realtime.javadoc;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.limits.Limits;

/** What the Javadoc of {@link Limits} shows. */
final class LimitsExamples {
    private LimitsExamples() {}

    static RealtimeBuilder options() {
        Limits limits = Limits.DEFAULT.maxPayload(64_000).maxRooms(32);
        RealtimeBuilder builder = Realtime.builder().limits(limits);
        return builder;
    }
}
