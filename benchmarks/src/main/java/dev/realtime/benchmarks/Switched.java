package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * A load on one process in which something is switched on and off in turn, every second: two processes differ by a tenth, since the JIT compiler makes another program
 * of each. It is measured as two servers.
 *
 * @param what is switched: a command of the server
 */
record Switched(Scenario.Looped load, String what) implements Scenario {
    private static final long TURN_NANOS = 1_000_000_000L;
    /** Behind a switch, which has garbage of its own. */
    private static final long SETTLE_NANOS = 300_000_000L;

    static Switched metrics(Scenario.Looped load) {
        return new Switched(load, "metrics");
    }

    @Override
    public String describe(Options options) {
        return load.describe(options) + ", " + what + " off and on in turn, every second of CPU time";
    }

    @Override
    public void measure(Server server, Options options, Sink sink) throws IOException {
        try (ServerProcess process = ServerProcess.start(server, options);
                Crowd crowd = Scenario.crowd(process, load.connections(options))) {
            Loop loop = load.loop(crowd, options);
            for (long left = options.warmupNanos(); left > 0; left -= 4 * TURN_NANOS) {
                turns(loop, process, new Side(false), new Side(true));
            }
            Side off = new Side(false);
            Side on = new Side(true);
            for (long left = options.measureNanos(); left > 0; left -= 4 * TURN_NANOS) {
                turns(loop, process, off, on);
            }
            sink.add(server.name(), "", off.reading());
            sink.add(server.name() + "-" + what, "", on.reading());
        }
    }

    /** Off, on, on, off: what grows or shrinks slowly meanwhile falls on both alike. */
    private void turns(Loop loop, ServerProcess server, Side off, Side on) throws IOException {
        for (Side side : List.of(off, on, on, off)) {
            server.ask(what + (side.on ? " on" : " off"), what);
            var unused = loop.run(server.cpuBudget(SETTLE_NANOS));
            side.add(Scenario.read(server, () -> side.seen(loop.run(server.cpuBudget(TURN_NANOS)))));
        }
    }

    /** What was measured while it was on, or off. */
    private static final class Side {
        private final boolean on;
        private final List<Reading.Load> turns = new ArrayList<>();
        private final Histogram latency = new Histogram(3);

        Side(boolean on) {
            this.on = on;
        }

        Phase seen(Phase phase) {
            latency.add(phase.latency());
            return phase;
        }

        void add(Reading.Load turn) {
            turns.add(turn);
        }

        Reading reading() {
            return Reading.Load.of(turns, latency);
        }
    }
}
