package dev.realtime.testkit.simulation;

import dev.realtime.spi.Time;
import java.util.ArrayList;
import java.util.List;

/** What happened, line by line, and a hash of it: two runs of a seed must agree to the last letter. */
final class SimulationTrace {
    private static final long PRIME = 0x100000001b3L;

    private final Time time;
    private final long start;
    private final List<String> lines = new ArrayList<>();
    private long hash = 0xcbf29ce484222325L;

    SimulationTrace(Time time) {
        this.time = time;
        this.start = time.nanoTime();
    }

    void add(String what) {
        long micros = (time.nanoTime() - start) / 1_000;
        hash = (hash ^ micros) * PRIME;
        for (int i = 0; i < what.length(); i++) {
            hash = (hash ^ what.charAt(i)) * PRIME;
        }
        lines.add(micros + " " + what);
    }

    long hash() {
        return hash;
    }

    List<String> lines() {
        return lines;
    }

    /** Microseconds since the beginning. */
    long now() {
        return (time.nanoTime() - start) / 1_000;
    }
}
