package dev.realtime.internal.node;

import dev.realtime.spi.EngineObserver;
import dev.realtime.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who observes a node. Thread-safe. */
public final class Observers {
    private final List<EngineObserver> all = new ArrayList<>(); // guarded by this
    private volatile @Nullable EngineObserver told;

    /** Who is to be told; null: nobody. It throws nothing. */
    public @Nullable EngineObserver told() {
        return told;
    }

    /** @param observer throws nothing */
    synchronized Registration add(EngineObserver observer) {
        all.add(observer);
        choose();
        return () -> remove(observer);
    }

    private synchronized void remove(EngineObserver observer) {
        all.remove(observer);
        choose();
    }

    private void choose() {
        told = switch (all.size()) {
            case 0 -> null;
            case 1 -> all.get(0);
            default -> new SeveralObservers(all.toArray(EngineObserver[]::new));
        };
    }
}
