package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.system.Workers;
import dev.realtime.presence.PresenceChange;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The application is told of edges in order, however slow it is, and no more wait than there are users. */
class EdgeTellerTest {
    private static final int MOST_WAITING = 1_024;

    private final ArrayDeque<Runnable> handlers = new ArrayDeque<>();
    private final Counters counters = new Counters();
    private final List<String> told = new ArrayList<>();
    private final EdgeTeller teller = new EdgeTeller(
            new NodeRuntime(
                    "n0", new NoTime(), Workers.given(Runnable::run, handlers::add), counters, new BoundedLog(() -> 0)),
            change -> {
                told.add(change.userId() + (change.online() ? " online" : " offline"));
                if (change.userId().equals("fails")) {
                    throw new AssertionError("the application's own");
                }
            });

    private void tell(String user, boolean online) {
        teller.tell(new PresenceChange(user, online, Position.START));
    }

    private void run() {
        while (!handlers.isEmpty()) {
            handlers.remove().run();
        }
    }

    @Test
    void oneThatFailsIsNotTheLast() {
        tell("fails", true);
        tell("ann", true);
        run();
        tell("bob", true);
        run();
        assertThat(told).containsExactly("fails online", "ann online", "bob online");
    }

    @Test
    void whoComesAndGoesWhileManyWaitIsLeftOut() {
        for (int i = 0; i < MOST_WAITING; i++) {
            tell("user" + i, true);
        }
        tell("user0", false);
        tell("ann", true);
        tell("bob", true);
        tell("ann", false);
        run();
        assertThat(told).hasSize(MOST_WAITING + 2).endsWith("user0 offline", "bob online");
        assertThat(counters.snapshot()).containsEntry("presence.untold", 1L);
        tell("ann", true);
        run();
        assertThat(told).endsWith("ann online");
    }

    private static final class NoTime implements Time {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nothing here waits");
        }
    }
}
