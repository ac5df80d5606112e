package dev.realtime.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.realtime.Realtime;
import dev.realtime.jakarta.RealtimeServlet;
import dev.realtime.metrics.RealtimeMetrics;
import dev.realtime.redis.RedisBackend;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The API is what the files in {@code api} say: whoever changes it changes them, and a reviewer sees it. */
class ApiTest {
    private static final Path FOLDER = Path.of("../api");
    private static final boolean UPDATE = Boolean.getBoolean("api.update");

    static Stream<Arguments> modules() throws ClassNotFoundException {
        return Stream.of(
                Arguments.of("realtime-core", Realtime.class),
                Arguments.of("realtime-testkit", TestRealtime.class),
                Arguments.of("realtime-standalone", StandaloneServer.class),
                Arguments.of("realtime-jakarta", RealtimeServlet.class),
                Arguments.of("realtime-redis", RedisBackend.class),
                Arguments.of("realtime-micrometer", RealtimeMetrics.class),
                Arguments.of("realtime-admin", Class.forName("dev.realtime.admin.AdminPage")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void theApiIsTheOneThatWasReviewed(String module, Class<?> anchor) throws IOException, URISyntaxException {
        Path file = FOLDER.resolve(module + ".txt");
        List<String> actual = ApiDump.of(anchor);
        if (UPDATE) {
            Files.createDirectories(FOLDER);
            Files.write(file, actual, StandardCharsets.UTF_8);
            return;
        }
        List<String> reviewed = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (!actual.equals(reviewed)) {
            fail("the API of " + module + " is not what api/" + module + ".txt says:\n"
                    + LineDiff.between(reviewed, actual)
                    + "\n"
                    + "if that is meant: mvn -pl build-checks -am test -Dtest=ApiTest -Dapi.update=true, and"
                    + " commit the file");
        }
    }

    @Test
    void noInternalTypeIsInIt() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .isNotEmpty()
                        .doesNotContain(".internal.");
            }
        }
    }
}
