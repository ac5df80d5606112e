package dev.realtime.benchmarks.load;

import java.io.IOException;

/** How long a closed loop goes on. Asked some ten times a second. */
public interface Budget {
    boolean spent() throws IOException;
}
