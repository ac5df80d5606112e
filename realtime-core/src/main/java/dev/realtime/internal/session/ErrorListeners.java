package dev.realtime.internal.session;

import dev.realtime.NamespaceSetup.ErrorListener;
import dev.realtime.Session;
import dev.realtime.spi.BoundedLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application of its own failures, which have been logged by then. */
public final class ErrorListeners {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorListeners.class);

    private final List<ErrorListener> listeners;

    public ErrorListeners(List<ErrorListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Returns these and one more. */
    ErrorListeners and(ErrorListener listener) {
        List<ErrorListener> more = new ArrayList<>(listeners);
        more.add(listener);
        return new ErrorListeners(more);
    }

    /**
     * Tells all of them, in the thread that has failed.
     *
     * @param session null where the failure is of no session
     */
    public void failed(BoundedLog lines, @Nullable Session session, String what, Throwable cause) {
        for (ErrorListener listener : listeners) {
            try {
                listener.failed(session, what, cause);
            } catch (Exception | Error e) {
                lines.error(LOG, what, "the listener for errors failed at a failure of '{}'", what, e);
            }
        }
    }
}
