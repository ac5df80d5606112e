package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.TransportDoors;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of polling requests that have only begun to arrive, in every server: the node counts them once, and refuses what finds no room. */
class PostBudgetTest {
    private static final int PAYLOAD = 131_072;
    private static final int BODY = 2 * PAYLOAD; // as bytes and as text
    private static final int BUDGET = 32 * BODY; // a sixteenth of it for what one address has in arrival: two bodies

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
    void bodiesThatHaveBegunToArriveAreCountedOnce(Function<Realtime, TestServer> start) throws Exception {
        try (Realtime realtime = Realtime.builder()
                .limits(Limits.DEFAULT.maxInboundBytes(BUDGET).maxPayload(PAYLOAD))
                .namespace("/", game -> game.onUnknown((session, event) -> {}))
                .outbox(OutboxLimits.DEFAULT.stallTimeout(Duration.ofSeconds(1))) // the clients do not come back
                .build()) {
            TransportDoors doors = realtime.doors();
            InboundBudget inbound = doors.inbound();
            TestServer server = start.apply(realtime);
            try {
                String one = session(server);
                String two = session(server);
                String three = session(server);
                await().atMost(Duration.ofSeconds(10)).until(() -> inbound.used() == 0);

                String event = "42[\"large\",\"" + "x".repeat(PAYLOAD - 14) + "\"]";
                assertThat(event).hasSize(PAYLOAD);
                try (RawClient first = begin(server, one, event);
                        RawClient second = begin(server, two, event)) {
                    int both = 2 * (BODY - InboundBudget.FREE);
                    await().atMost(Duration.ofSeconds(10)).until(() -> inbound.used() == both);

                    try (RawClient third = begin(server, three, event)) {
                        RawClient.Response refused = third.response("POST");
                        assertThat(refused.status()).isEqualTo(503);
                        assertThat(refused.body()).startsWith("{\"code\":");
                    }

                    first.write(event.substring(1_000));
                    assertThat(first.response("POST").status()).isEqualTo(200);
                    second.write(event.substring(1_000));
                    assertThat(second.response("POST").status()).isEqualTo(200);
                }
                await().atMost(Duration.ofSeconds(10)).until(() -> inbound.used() == 0);
                assertThat(post(server, session(server), event).statusCode()).isEqualTo(200);
                assertThat(realtime.stats().counters().get("inbound.refused")).isEqualTo(1);
            } finally {
                server.close();
            }
        }
    }

    /** A client that polls, in the namespace; gives its query. */
    private String session(TestServer server) throws Exception {
        String open = get(server, "EIO=4&transport=polling");
        String query = "EIO=4&transport=polling&sid=" + open.replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        assertThat(post(server, query, "40").statusCode()).isEqualTo(200);
        assertThat(get(server, query)).startsWith("40{");
        return query;
    }

    private RawClient begin(TestServer server, String query, String body) throws Exception {
        RawClient client = new RawClient(server.uri());
        client.write("POST /socket.io/?" + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body.substring(0, 1_000));
        return client;
    }

    private String get(TestServer server, String query) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(server.uri().resolve("/socket.io/?" + query))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> post(TestServer server, String query, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve("/socket.io/?" + query))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
