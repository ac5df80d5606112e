package dev.realtime.standalone;

import dev.realtime.spi.BoundedLog;
import org.glassfish.grizzly.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an I/O thread does about an error in the work for one connection, an {@link OutOfMemoryError} above all: that connection ends, which
 * gives its memory back, and the others go on.
 */
final class ErrorShield {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorShield.class);

    private final HttpCounters counters;
    private final BoundedLog lines;

    ErrorShield(HttpCounters counters, BoundedLog lines) {
        this.counters = counters;
        this.lines = lines;
    }

    void guard(Connection<?> connection, Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            end(connection, e);
        }
    }

    private void end(Connection<?> connection, Throwable cause) {
        counters.survived.increment();
        connection.terminateSilently();
        try {
            lines.error(LOG, "", "a connection is ended after an error", cause); // whose it was is not known here
        } catch (OutOfMemoryError e) {
            counters.survived.increment(); // the line is lost, the thread is not
        }
    }
}
