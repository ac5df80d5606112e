package dev.realtime.javadoc;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.TypeToken;
import java.util.List;
import java.util.Map;

/** What the Javadoc of {@link TypeToken} shows. */
final class TypeTokenExamples {
    record Score(String player, int points) {}

    static final Event<List<Score>> SCORES = Event.of("scores", new TypeToken<List<Score>>() {});
    static final Request<Void, Map<String, Integer>> STOCK =
            Request.of("stock", TypeToken.of(Void.class), new TypeToken<Map<String, Integer>>() {});

    private TypeTokenExamples() {}
}
