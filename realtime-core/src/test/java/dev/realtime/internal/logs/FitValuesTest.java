package dev.realtime.internal.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.BoundedLog;
import org.junit.jupiter.api.Test;

/** What a client calls itself stands in the context of log lines, and cannot make another line of it. */
class FitValuesTest {
    @Test
    void whatMayStandInALineIsLeftAsItIs() {
        for (char c = ' '; c <= '~'; c++) {
            String value = "a" + c + "b";
            assertThat(LogContext.fit(value)).isSameAs(value);
        }
        assertThat(LogContext.fit(null)).isNull();
        assertThat(LogContext.fit("")).isEmpty();
    }

    @Test
    void whatMayNotIsReplaced() {
        for (char c : new char[] {'\n', '\r', '\t', 0, 0x1b, 0x1f, 0x7f, 0x85, 0x2028, 0x202e}) {
            String fit = LogContext.fit("ann" + c + "ERROR all is lost");
            assertThat(fit)
                    .isEqualTo(BoundedLog.clean("ann" + c + "ERROR all is lost"))
                    .doesNotContain(String.valueOf(c));
        }
    }

    @Test
    void whatIsLongIsCut() {
        String longest = LogContext.fit("x".repeat(100_000));
        assertThat(longest).hasSizeLessThan(1_000);
        for (int length = 1; length < longest.length() + 2; length++) {
            assertThat(LogContext.fit("x".repeat(length))).hasSizeLessThanOrEqualTo(longest.length());
        }
    }
}
