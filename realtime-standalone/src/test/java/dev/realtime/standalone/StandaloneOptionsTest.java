package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.drain.DrainOptions;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
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
            wrong("warmUp must be between 0 and 5 minutes, but is PT6M", () -> OPTIONS.warmUp(Duration.ofMinutes(6))),
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

    static List<UnaryOperator<StandaloneOptions>> changes() throws Exception {
        SSLContext context = SSLContext.getDefault();
        RestHandler handler = (request, body) -> null;
        Supplier<String> metrics = () -> "";
        return List.of(
                options -> options.host("127.0.0.1"),
                options -> options.port(1),
                options -> options.tls(context),
                options -> options.staticFiles("/", "web"),
                options -> options.staticFiles("/", Path.of(".")),
                options -> options.handler("/x", handler),
                options -> options.selectors(7),
                options -> options.gather(Duration.ZERO),
                options -> options.warmUp(Duration.ofSeconds(5)),
                options -> options.drain(DrainOptions.within(Duration.ZERO)),
                options -> options.idleTimeout(Duration.ofHours(1)),
                options -> options.maxHeaderBytes(2_000),
                options -> options.maxHttpConnections(7),
                options -> options.maxHttpConnectionsPerAddress(7),
                options -> options.handlersPerAddress(7),
                options -> options.trustedProxies(TrustedProxies.forwarded("10.0.0.0/8")),
                options -> options.trustedProxies(TrustedProxies.xForwarded("10.0.0.0/8")),
                options -> options.sendBuffer(0),
                options -> options.publicDetails(true),
                options -> options.metrics(metrics),
                options -> options.managementHost("::1"),
                options -> options.managementPort(0));
    }

    @Test
    void optionsAreEqualThatSayTheSame() throws Exception {
        assertThat(changes())
                .allSatisfy(change -> assertThat(change.apply(OPTIONS))
                        .isEqualTo(change.apply(OPTIONS))
                        .hasSameHashCodeAs(change.apply(OPTIONS))
                        .isNotEqualTo(OPTIONS));
        long different = changes().stream()
                .map(change -> change.apply(OPTIONS))
                .distinct()
                .count();
        assertThat(different).isEqualTo(changes().size());
        long options = Arrays.stream(StandaloneOptions.class.getMethods())
                .filter(method -> method.getReturnType() == StandaloneOptions.class)
                .map(Method::getName)
                .distinct()
                .count();
        assertThat(changes()).as("every option is here, two of them twice").hasSize((int) options + 2);
    }

    @Test
    void asTextTheyShowEachOptionAndNoKey() throws Exception {
        assertThat(OPTIONS.port(443)
                        .tls(SSLContext.getDefault())
                        .staticFiles("/", "web")
                        .trustedProxies(TrustedProxies.forwarded("10.0.0.0/8"))
                        .handler("/x", (request, body) -> null))
                .hasToString("StandaloneOptions[host=0.0.0.0, port=443, selectors=" + OPTIONS.selectors()
                        + ", gather=PT0.0005S, warmUp=PT0S, drain=DrainOptions[deadline=PT30S, announce=PT5S, spread=PT15S], idleTimeout=PT30S, maxHeaderBytes=16384,"
                        + " maxHttpConnections=10000, maxHttpConnectionsPerAddress=1000, handlersPerAddress=8,"
                        + " trustedProxies=Forwarded[10.0.0.0/8], sendBuffer=65536, publicDetails=false,"
                        + " managementHost=127.0.0.1, managementPort=OptionalInt.empty, handlers=[/x],"
                        + " files=[/ from classpath:web], tls=(set)]");
        assertThat(new Tls(Path.of("game.p12"), "secret")).asString().doesNotContain("secret");
    }
}
