package dev.realtime.internal.state;

import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the application of changes, one after the other, in order, on its own threads. Where so many wait that it is far behind, only the latest of each state waits
 * behind them. Thread-safe.
 */
final class ChangeTeller {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeTeller.class);
    private static final int MOST_WAITING = 1_024;
    private static final int MOST_REMEMBERED = 10_000;

    private final NodeRuntime runtime;
    private final Consumer<StateNote> application;
    private final ArrayDeque<StateNote> waiting = new ArrayDeque<>(); // guarded by this
    private final Map<String, StateNote> behind = new LinkedHashMap<>(); // those, one of each state; guarded by this
    private boolean telling; // guarded by this
    private final Map<String, Long> versions = new LinkedHashMap<>(16, 0.75f, true); // told last; guarded by this

    ChangeTeller(NodeRuntime runtime, Consumer<StateNote> application) {
        this.runtime = runtime;
        this.application = application;
    }

    void tell(StateNote note) {
        boolean leftOut = false;
        boolean first;
        synchronized (this) {
            if (!isNew(note)) {
                return;
            }
            if (behind.isEmpty() && waiting.size() < MOST_WAITING) {
                waiting.addLast(note);
            } else {
                leftOut = behind.put(name(note), note) != null;
            }
            first = !telling;
            telling = true;
        }
        if (leftOut) {
            runtime.counters().count(Counters.Name.STATE_UNTOLD);
            runtime.lines()
                    .warn(
                            LOG,
                            "state",
                            "{} changes of state wait for a listener that is slow; versions that are out of date are left out",
                            MOST_WAITING);
        }
        if (first) {
            runtime.workers().handlers().execute(this::next);
        }
    }

    /** A log that has lost its end is told again what was in it. */
    private boolean isNew(StateNote note) {
        Long last = versions.get(name(note));
        if (last != null && last >= note.version()) {
            return false;
        }
        versions.put(name(note), note.version());
        if (versions.size() > MOST_REMEMBERED) {
            versions.remove(versions.keySet().iterator().next());
        }
        return true;
    }

    private static String name(StateNote note) {
        return note.contract() + ":" + note.key();
    }

    private void next() {
        StateNote note = take();
        if (note != null) {
            application.accept(note);
            runtime.workers().handlers().execute(this::next);
        }
    }

    private synchronized @Nullable StateNote take() {
        StateNote note = waiting.pollFirst();
        if (note == null && !behind.isEmpty()) {
            note = behind.remove(behind.keySet().iterator().next());
        }
        telling = note != null;
        return note;
    }
}
