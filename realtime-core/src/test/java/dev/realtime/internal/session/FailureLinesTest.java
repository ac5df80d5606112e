package dev.realtime.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Principal;
import dev.realtime.internal.logs.HandlerWatch;
import dev.realtime.internal.system.SystemTime;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What fails again and again for every session and event is in the log a few times, and counted. */
class FailureLinesTest {
    private static final int TIMES = 2_000;

    private final BoundedLog lines = new BoundedLog(() -> 0);

    @Test
    void tasksThatFail() {
        Mailbox mailbox = new Mailbox(
                Runnable::run,
                new TimeoutQueue(SystemTime.start(), Runnable::run, Duration.ofSeconds(1)),
                () -> {},
                HandlerWatch.off(),
                lines);
        for (int i = 0; i < TIMES; i++) {
            mailbox.offer(() -> {
                throw new IllegalStateException("no");
            });
        }
        assertThat(lines.omitted()).isEqualTo(TIMES - BoundedLog.DEFAULT_LINES);
    }

    @Test
    void recordsThatCannotBeWritten() {
        SessionStore fails = (SessionStore) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> CompletableFuture.failedFuture(new IllegalStateException("away")));
        RecordWriter recorder = new RecordWriter(
                fails,
                null,
                () -> true,
                Duration.ofMinutes(2),
                FailureLinesTest::snapshot,
                () -> CompletableFuture.completedFuture(true),
                () -> {},
                lines,
                new RecordWriteRate(RecordWriteRate.pace(TIMES), SystemTime.start(), () -> {}));
        recorder.begin();
        for (int i = 0; i < TIMES; i++) {
            recorder.changed();
        }
        assertThat(lines.omitted()).isEqualTo(TIMES - BoundedLog.DEFAULT_LINES);
    }

    private static SessionRecord snapshot() {
        return SessionRecord.of("pid", "sid", "/", new Home("node", 0, 1))
                .principal(Principal.anonymous("sid"))
                .epoch("epoch");
    }
}
