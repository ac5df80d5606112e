package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.SameSite;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options of the cookie reach the client, whatever server is between. */
class CookieHeaderTest {

    static Stream<Arguments> servers() {
        return Stream.<Named<Function<Realtime, TestServer>>>of(
                        Named.of("Tomcat", realtime -> Containers.tomcat(realtime.doors())),
                        Named.of("Jetty", realtime -> Containers.jetty(realtime.doors())),
                        Named.of("Undertow", realtime -> Containers.undertow(realtime.doors())),
                        Named.of("standalone", Containers::standalone))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyOptionIsInTheHeader(Function<Realtime, TestServer> start) throws Exception {
        Cookie cookie = Cookie.DEFAULT
                .name("lb")
                .path("/game")
                .secure(true)
                .sameSite(SameSite.NONE)
                .maxAge(Duration.ofHours(1));
        assertThat(attributes(start, cookie))
                .containsExactlyInAnyOrder("Max-Age=3600", "Path=/game", "HttpOnly", "Secure", "SameSite=None");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void whatIsNotAskedForIsNot(Function<Realtime, TestServer> start) throws Exception {
        Cookie cookie = Cookie.DEFAULT.name("lb").httpOnly(false).sameSite(SameSite.STRICT);
        assertThat(attributes(start, cookie)).containsExactlyInAnyOrder("Path=/", "SameSite=Strict");
    }

    /** Behind the name and the id of a handshake by polling. */
    private static String[] attributes(Function<Realtime, TestServer> start, Cookie cookie) throws Exception {
        try (Realtime realtime = Realtime.builder()
                .namespace("/", game -> {})
                .cookie(cookie)
                .outbox(OutboxLimits.DEFAULT.stallTimeout(Duration.ofMillis(200))) // the client does not come back
                .build()) {
            TestServer server = start.apply(realtime);
            try (RawClient client = new RawClient(server.uri())) {
                RawClient.Response response = client.request("GET", "/socket.io/?EIO=4&transport=polling", "", "");
                String sid = response.body().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
                String[] parts = response.header("set-cookie").split("; *", -1);
                assertThat(parts[0]).isEqualTo("lb=" + sid);
                return Arrays.copyOfRange(parts, 1, parts.length);
            } finally {
                realtime.close();
                server.close();
            }
        }
    }
}
