package dev.realtime.standalone;

import dev.realtime.spi.GatheringPause;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.glassfish.grizzly.nio.DefaultSelectorHandler;
import org.glassfish.grizzly.nio.SelectorRunner;

/** Lets a busy I/O thread gather: it pauses before a turn as {@link GatheringPause} says, and then finds more connections ready. */
final class GatheringSelector extends DefaultSelectorHandler {
    private final GatheringPause pause;
    private final ThreadLocal<Turn> turns = ThreadLocal.withInitial(Turn::new);

    /** @param longest zero: never */
    GatheringSelector(Duration longest) {
        this.pause = new GatheringPause(longest);
    }

    @Override
    public Set<SelectionKey> select(SelectorRunner runner) throws IOException {
        Turn turn = turns.get();
        if (turn.found > 1 && runner.getPostponedTasks().isEmpty()) {
            long nanos = pause.nanosAfter(System.nanoTime() - turn.began, turn.found);
            if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        }
        Set<SelectionKey> ready = ready(runner);
        turn.found = ready.size();
        turn.began = System.nanoTime();
        return ready;
    }

    /**
     * As the default one, but without its search for selectors that return at once for no reason: it takes a thread for mad that others wake two thousand
     * times a second, as they do when as many connections wait until they can be written to, and moves all of its connections to a new selector.
     */
    private Set<SelectionKey> ready(SelectorRunner runner) throws IOException {
        Selector selector = runner.getSelector();
        if (runner.getPostponedTasks().isEmpty()) {
            selector.select(selectTimeout);
        } else {
            selector.selectNow();
        }
        return selector.selectedKeys();
    }

    /** The latest turn of one thread. */
    private static final class Turn {
        private int found; // connections with something to read
        private long began;
    }
}
