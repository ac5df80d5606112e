package dev.realtime.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

class BoundedLogTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // a monotonic clock may begin anywhere
    private final AtomicInteger omissions = new AtomicInteger();
    private final BoundedLog lines = new BoundedLog(now::get, 5, omissions::incrementAndGet);
    private final Lines log = new Lines();

    @Test
    void oneClientCausesAFewLinesOfAKindAndTheNextSaysHowManyWereLeftOut() {
        for (int i = 0; i < 1000; i++) {
            lines.info(log, "eve", "{} sent {}", "eve", i);
        }
        lines.info(log, "bob", "{} sent {}", "bob", 0);
        assertThat(log.written).hasSize(6);
        assertThat(log.written.get(5)).isEqualTo("INFO bob sent 0 (995 more of these were left out)");
        assertThat(omissions).hasValue(995);
        assertThat(lines.omitted()).isEqualTo(995);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        lines.info(log, "eve", "{} sent {}", "eve", "again");
        assertThat(log.written.get(6)).isEqualTo("INFO eve sent again");
    }

    @Test
    void aThousandClientsTogetherCauseABoundedNumber() {
        for (int client = 0; client < 1000; client++) {
            lines.warn(log, client, "client {} is odd", client);
        }
        assertThat(log.written).hasSize(100);
        assertThat(omissions).hasValue(900);
    }

    @Test
    void oneKindDoesNotSilenceAnother() {
        for (int i = 0; i < 1000; i++) {
            lines.info(log, "eve", "this");
        }
        lines.error(log, "eve", "that");
        assertThat(log.written).last().isEqualTo("ERROR that");
    }

    @Test
    void whatAClientHasChosenStaysOnOneLine() {
        lines.info(log, "eve", "event '{}'", "a\r\nINFO forged \u001b[31m\u202e\u2028" + "x".repeat(1000));
        assertThat(log.written.get(0))
                .startsWith("INFO event 'a??INFO forged ?[31m??xxx")
                .endsWith("…'");
        assertThat(log.written.get(0).length()).isLessThan(250);
    }

    @Test
    void theMessagesOfAFailureStayOnOneLineEach() {
        RuntimeException failure =
                new IllegalStateException("no\nWARN forged", new IllegalArgumentException("\r\nforged"));
        lines.error(log, "eve", "a handler failed for {}", "eve", failure);
        StringWriter stack = new StringWriter();
        Throwable written = log.causes.get(0);
        assertThat(written).isNotNull();
        written.printStackTrace(new PrintWriter(stack, true));
        assertThat(stack.toString().lines()).noneMatch(line -> line.startsWith("WARN") || line.startsWith("forged"));
        assertThat(stack.toString())
                .contains("java.lang.IllegalStateException: no?WARN forged", "theMessagesOfAFailureStay");
    }

    @Test
    void aFailureWithPlainWordsIsWrittenAsItIs() {
        RuntimeException failure = new IllegalStateException("plain words");
        lines.error(log, "eve", "a handler failed", failure);
        lines.error(log, "eve", "a handler failed", failure);
        assertThat(log.causes).containsExactly(failure, failure);
        assertThat(log.written).containsExactly("ERROR a handler failed", "ERROR a handler failed");
    }

    @Test
    void aFailureLeftOutIsCountedInTheNextLine() {
        RuntimeException failure = new IllegalStateException("plain words");
        for (int i = 0; i < 7; i++) {
            lines.error(log, "eve", "a handler failed", failure);
        }
        lines.error(log, "bob", "a handler failed", failure);
        assertThat(log.written).last().isEqualTo("ERROR a handler failed (2 more of these were left out)");
        assertThat(log.causes).last().isEqualTo(failure);
    }

    /** Remembers what it is told. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        final List<String> written = new ArrayList<>();
        final List<@Nullable Throwable> causes = new ArrayList<>();

        @Override
        protected String getFullyQualifiedCallerName() {
            return Logger.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable cause) {
            written.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
            causes.add(cause);
        }

        @Override
        public boolean isTraceEnabled() {
            return true;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
