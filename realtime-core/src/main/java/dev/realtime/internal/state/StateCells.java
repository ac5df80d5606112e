package dev.realtime.internal.state;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The states that this node has to do with. Those with which nothing has been done for longest are forgotten. Thread-safe. */
final class StateCells {
    private static final int MOST = 1_024;

    private final Map<String, StateCell> cells = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    synchronized StateCell cell(String name, Supplier<StateCell> made) {
        StateCell cell = cells.computeIfAbsent(name, unknown -> made.get());
        if (cells.size() > MOST) {
            forgetIdle();
        }
        return cell;
    }

    /** Null if this node has had nothing to do with it lately. */
    synchronized @Nullable StateCell known(String name) {
        return cells.get(name);
    }

    /** Not the last one, which has just been asked for. */
    private void forgetIdle() {
        Iterator<StateCell> oldest = cells.values().iterator();
        for (int left = cells.size() - 1; left > 0 && cells.size() > MOST; left--) {
            if (oldest.next().queue().isIdle()) {
                oldest.remove();
            }
        }
    }

    /** What they take, about; looks at each. */
    synchronized long bytes() {
        return cells.values().stream().mapToLong(StateCell::bytes).sum();
    }

    synchronized int size() {
        return cells.size();
    }
}
