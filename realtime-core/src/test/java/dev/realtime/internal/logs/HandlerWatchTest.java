package dev.realtime.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What takes long is named once a minute, and nothing else. */
class HandlerWatchTest {
    private static final long MILLI = 1_000_000;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 300 * MILLI); // it runs over
    private final AtomicInteger counted = new AtomicInteger();
    private final HandlerWatch watch = watch(Duration.ofMillis(250));

    private HandlerWatch watch(Duration least) {
        return new HandlerWatch(
                new SlowHandlers(least, clock::get, counted::incrementAndGet), "/", "s1", () -> "ann\r\nERROR forged");
    }

    @BeforeEach
    void theLogIsRead() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void theLogIsGivenBack() {
        System.setErr(before);
    }

    /** Without what the agent of fuzz tests in the same JVM says of classes that it meets. */
    private List<String> logged() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(" WARN "))
                .toList();
    }

    private void pass(long millis) {
        clock.addAndGet(millis * MILLI);
    }

    private void handler(HandlerWatch by, String contract, long millis) {
        by.calls(contract);
        pass(millis);
        by.ended();
    }

    @Test
    void whatIsSlowIsNamedWithWhoseItIs() {
        watch.begins();
        handler(watch, "buy", 249);
        handler(watch, "buy", 250);
        assertThat(logged()).singleElement().asString().contains("'buy' in / took 250 ms for session s1 of user ann??");
        assertThat(counted).hasValue(1);
    }

    @Test
    void whatTheEngineDoesBetweenIsNobodysFault() {
        watch.begins();
        pass(1_000);
        watch.ended();
        handler(watch, "buy", 10);
        pass(1_000);
        watch.begins();
        handler(watch, "buy", 10);
        assertThat(logged()).isEmpty();
    }

    @Test
    void eachContractHasOneLineAMinute() {
        watch.begins();
        for (int i = 0; i < 100; i++) {
            handler(watch, "buy", 300);
        }
        handler(watch, "sell", 300);
        assertThat(logged()).hasSize(2);
        pass(60_000);
        watch.ended();
        handler(watch, "buy", 300);
        assertThat(logged()).hasSize(3).last().asString().endsWith("(99 more of its lines were left out)");
        assertThat(counted).hasValue(102);
    }

    @Test
    void whatGoesOnElsewhereIsNamedWhenItEnds() {
        watch.begins();
        watch.calls("later");
        pass(300);
        long began = watch.goesOn();
        watch.ended();
        assertThat(logged()).isEmpty();
        pass(300);
        watch.answered("later", began);
        assertThat(logged()).singleElement().asString().contains("'later' in / took 600 ms");
    }

    @Test
    void whatNeverEndsIsNamedWhenSomethingMoreComes() {
        watch.begins();
        watch.calls("hangs");
        pass(100);
        watch.comes(clock.get());
        assertThat(logged()).isEmpty();
        pass(5_000);
        watch.comes(clock.get());
        watch.comes(clock.get());
        assertThat(logged())
                .singleElement()
                .asString()
                .contains("'hangs' in / has been running for 5100 ms for session s1")
                .endsWith("whose next event waits");
        assertThat(counted).hasValue(0);
        watch.ended();
        assertThat(counted).hasValue(1);
        watch.comes(clock.get() + 9_000 * MILLI);
        assertThat(logged()).hasSize(1);
    }

    @Test
    void zeroIsNever() {
        HandlerWatch off = watch(Duration.ZERO);
        off.begins();
        off.calls("buy");
        pass(100_000);
        off.comes(clock.get());
        off.ended();
        off.answered("buy", 0);
        assertThat(logged()).isEmpty();
        assertThat(counted).hasValue(0);
    }
}
