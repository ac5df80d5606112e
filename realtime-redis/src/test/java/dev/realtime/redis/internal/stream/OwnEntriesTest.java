package dev.realtime.redis.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OwnEntriesTest {
    private final OwnEntries own = new OwnEntries("w1");
    private final List<LogEntry> entries = LongStream.range(0, 4)
            .<LogEntry>mapToObj(number -> new LogEntry.Leave(Target.EVERYBODY, Set.of("zone:" + number)))
            .toList();

    private LogEntry read(String number) {
        return own.read(own.number(number));
    }

    private void writeAll() {
        for (int i = 0; i < entries.size(); i++) {
            own.writes(i, entries.get(i));
        }
    }

    @Test
    void whatWasWrittenIsReadOnceInItsOrder() {
        writeAll();
        for (int i = 0; i < entries.size(); i++) {
            assertThat(read("w1." + i)).isSameAs(entries.get(i));
            assertThat(read("w1." + i)).as("again").isNull();
        }
    }

    @Test
    void anEntryThatNeverCameIntoTheStreamIsPassedOver() {
        writeAll();
        assertThat(read("w1.2")).isSameAs(entries.get(2));
        assertThat(read("w1.1")).isNull();
        assertThat(read("w1.3")).isSameAs(entries.get(3));
    }

    @Test
    void anotherWritersEntryIsNotMistakenForOurs() {
        writeAll();
        assertThat(read(null)).isNull();
        assertThat(read("w2.0")).isNull();
        assertThat(read("w1")).isNull();
        assertThat(read("w1.")).isNull();
        assertThat(read("w1.0x")).isNull();
        assertThat(read("w1.99999999999999999999")).isNull();
        assertThat(read("w1.-1")).isNull();
        assertThat(read("w1.0")).isSameAs(entries.get(0));
    }

    @Test
    void theOldestAreForgottenWhereTooManyWait() {
        LogEntry last = entries.get(3);
        LongStream.range(0, 8_193).forEach(number -> own.writes(number, last));
        assertThat(read("w1.0")).isNull();
        assertThat(read("w1.1")).isSameAs(last);
        assertThat(read("w1.8192")).isSameAs(last);
    }
}
