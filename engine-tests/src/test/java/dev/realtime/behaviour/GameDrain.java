package dev.realtime.behaviour;

import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The code of docs/drain.md. */
final class GameDrain {
    private GameDrain() {}

    static final DrainOptions DEPLOY = DrainOptions.within(Duration.ofSeconds(45)) // until all is done
            .announce(Duration.ofSeconds(15)) // it says that it stops, and serves
            .spread(Duration.ofSeconds(20)); // its clients move

    static CompletionStage<Void> stop(Realtime realtime) {
        return realtime.drain(DEPLOY).thenRun(realtime::close);
    }
}
