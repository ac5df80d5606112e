package dev.realtime.standalone;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.glassfish.grizzly.nio.DefaultSelectorHandler;
import org.glassfish.grizzly.nio.SelectorRunner;

/**
 * Lets a busy I/O thread gather: when its turns follow each other faster than twice the pause and find few connections ready, each waits
 * that pause first, and then finds more of them. To wake up, here and in the workers, costs the same for one message and for ten. A thread
 * that is not busy never waits, nor does one with so much to do that its turns are long anyway.
 */
final class GatheringSelector extends DefaultSelectorHandler {
    private final ThreadLocal<Turns> turns;

    /** @param pause zero: never */
    GatheringSelector(Duration pause) {
        this.turns = ThreadLocal.withInitial(() -> new Turns(pause.toNanos(), System.nanoTime()));
    }

    @Override
    public Set<SelectionKey> select(SelectorRunner runner) throws IOException {
        Turns mine = turns.get();
        long pause = mine.pause();
        if (pause > 0) {
            LockSupport.parkNanos(this, pause);
        }
        Set<SelectionKey> ready = super.select(runner);
        mine.began(System.nanoTime(), ready.size());
        return ready;
    }

    /** When the turns of one thread began, in nanoseconds. */
    static final class Turns {
        /** Where so many are ready anyway there is nothing to gain. */
        private static final int CROWD = 16;

        private final long longest;
        private long latest;
        private boolean busy;

        Turns(long longest, long now) {
            this.longest = longest;
            this.latest = now - 2 * longest;
        }

        /** @param ready how many connections have something to read */
        void began(long now, int ready) {
            busy = ready < CROWD && now - latest < 2 * longest;
            latest = now;
        }

        /** How long to wait before the next one. */
        long pause() {
            return busy ? longest : 0;
        }
    }
}
