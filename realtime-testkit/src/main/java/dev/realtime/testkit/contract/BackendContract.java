package dev.realtime.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Log;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Queues;
import dev.realtime.spi.Registration;
import dev.realtime.spi.Retention;
import dev.realtime.spi.SessionStore;
import dev.realtime.spi.Target;
import dev.realtime.spi.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Backend} must do: its logs, its session store, and itself. A subclass says how to make one; every test gets
 * its own.
 */
public abstract class BackendContract {
    /** A backend that shares nothing with those of other tests; the same one within a test. */
    protected abstract Backend backend();

    /** Lets this much time pass for the backend: advances its virtual clock, or waits. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts for this backend; shorter for one whose clock cannot be advanced, so that nobody waits long. */
    protected Duration lasting(Duration time) {
        return time;
    }

    @Test
    void theEpochHasANameAndStays() {
        String epoch = backend().epoch();
        assertThat(epoch).isNotBlank();
        elapse(Duration.ofSeconds(1));
        assertThat(backend().epoch()).isEqualTo(epoch);
    }

    @Test
    void itIsNotDegraded() {
        assertThat(backend().isDegraded()).isFalse();
    }

    @Test
    void aWatcherIsToldOfChangesOnlyAndMayLeaveTwice() {
        List<String> told = new CopyOnWriteArrayList<>();
        Registration watcher = backend().watch(() -> told.add(backend().epoch()));
        elapse(Duration.ofSeconds(1));
        watcher.close();
        watcher.close();
        assertThat(told).isEmpty();
    }

    /** Whoever waits for an answer would be kept for ever otherwise, and with it the node that it belongs to. */
    @Test
    void whatIsUnderWayWhenItIsClosedHasAResult() {
        Backend backend = backend();
        Log log = backend.log("/closing", "node-1", new Retention(Duration.ofHours(1), 1_000_000, 1L << 30));
        Position start = log.tail();
        LogEntry entry = new LogEntry.Disconnect(Target.EVERYBODY, false);
        List<CompletionStage<?>> underWay = new ArrayList<>();
        Waiting.result(log.append(entry));
        silence();
        try {
            for (int i = 0; i < 100; i++) {
                underWay.add(log.append(entry));
            }
            underWay.add(log.latest());
            underWay.add(log.read(start, Position.END, 10));
            underWay.add(backend.sessions().find("p".repeat(20)));
            underWay.add(backend.leases().living());
            underWay.add(backend.values().find("user:ann"));
            underWay.add(backend.queues().size("mail"));
            underWay.add(log.appendOnce("id", entry, Duration.ofHours(1)));
            underWay.add(log.forbid("id", Duration.ofHours(1)));
            underWay.forEach(stage -> {
                var unused = stage.thenRun(() -> {}); // somebody waits for it
            });
            log.close();
            backend.close();
            underWay.add(log.append(entry));
            underWay.add(log.appendOnce("id", entry, Duration.ofHours(1)));
            underWay.add(backend.leases().living());
        } finally {
            answer();
        }
        Waiting.outcomes(underWay);
    }

    /** From now on nothing that the backend asks is answered, as far as it asks anybody. */
    protected void silence() {}

    /** What it asks is answered again. */
    protected void answer() {}

    /** The rules of its logs. */
    @Nested
    class Logs extends LogContract {
        @Override
        protected Log log(String namespace, Retention retention) {
            return backend().log(namespace, "node-1", retention);
        }

        @Override
        protected void elapse(Duration time) {
            BackendContract.this.elapse(time);
        }

        @Override
        protected Duration lasting(Duration time) {
            return BackendContract.this.lasting(time);
        }
    }

    /** The rules of its session store. */
    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected SessionStore store() {
            return backend().sessions();
        }

        @Override
        protected void elapse(Duration time) {
            BackendContract.this.elapse(time);
        }

        @Override
        protected Duration lasting(Duration time) {
            return BackendContract.this.lasting(time);
        }
    }

    /** The rules of its values. */
    @Nested
    class SharedValues extends ValuesContract {
        @Override
        protected Values values() {
            return backend().values();
        }

        @Override
        protected void elapse(Duration time) {
            BackendContract.this.elapse(time);
        }

        @Override
        protected Duration lasting(Duration time) {
            return BackendContract.this.lasting(time);
        }
    }

    /** The rules of its queues. */
    @Nested
    class SharedQueues extends QueuesContract {
        @Override
        protected Queues queues() {
            return backend().queues();
        }

        @Override
        protected void elapse(Duration time) {
            BackendContract.this.elapse(time);
        }

        @Override
        protected Duration lasting(Duration time) {
            return BackendContract.this.lasting(time);
        }
    }

    /** The rules of its leases. */
    @Nested
    class NodeLeases extends LeasesContract {
        @Override
        protected Leases leases() {
            return backend().leases();
        }

        @Override
        protected void elapse(Duration time) {
            BackendContract.this.elapse(time);
        }

        @Override
        protected Duration lasting(Duration time) {
            return BackendContract.this.lasting(time);
        }
    }
}
