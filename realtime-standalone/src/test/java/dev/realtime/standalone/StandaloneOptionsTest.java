package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of the server: a default, a changed copy for each, in their range. */
class StandaloneOptionsTest {
    private static final StandaloneOptions OPTIONS = StandaloneOptions.DEFAULT;

    static Arguments[] outOfRange() {
        return new Arguments[] {
            wrong("port must be between 0 and 65535, but is 65536", () -> OPTIONS.port(65_536)),
            wrong("managementPort must be between 0 and 65535, but is -1", () -> OPTIONS.managementPort(-1)),
            wrong("selectors must be between 1 and 1024, but is 0", () -> OPTIONS.selectors(0)),
            wrong("gather must be between 0 and 10 ms, but is PT1S", () -> OPTIONS.gather(Duration.ofSeconds(1))),
            wrong("idleTimeout must be between 40 ms and 1 day, but is PT0S", () -> OPTIONS.idleTimeout(Duration.ZERO)),
            wrong("maxHeaderBytes must be between 1024 and 1048576, but is 1", () -> OPTIONS.maxHeaderBytes(1)),
            wrong("handlersPerAddress must be between 1 and 16, but is 17", () -> OPTIONS.handlersPerAddress(17)),
            wrong("sendBuffer must be between 4096 and 1073741824, but is 1", () -> OPTIONS.sendBuffer(1))
        };
    }

    private static Arguments wrong(String message, ThrowingCallable act) {
        return Arguments.of(message, act);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void theMessageNamesOptionAndRangeAndValue(String message, ThrowingCallable act) {
        assertThatIllegalArgumentException().isThrownBy(act).withMessage("StandaloneOptions." + message);
    }

    @Test
    void aChangeLeavesTheOthersAlone() {
        StandaloneOptions changed = OPTIONS.port(0).managementPort(9_090).staticFiles("/", "web");
        assertThat(changed.handler("/x", (request, body) -> null).handlers()).containsOnlyKeys("/x");
        assertThat(changed.handlers()).isEmpty();
        assertThat(changed.files()).hasSize(1);
        assertThat(changed.managementPort()).hasValue(9_090);
        assertThat(OPTIONS.files()).isEmpty();
        assertThat(OPTIONS.port()).isEqualTo(8_080);
        assertThat(OPTIONS.managementPort()).isEmpty();
    }

    @Test
    void onePathHasOneHandler() {
        StandaloneOptions one = OPTIONS.handler("/x", (request, body) -> null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.handler("/x", (request, body) -> null))
                .withMessageContaining("/x");
    }
}
