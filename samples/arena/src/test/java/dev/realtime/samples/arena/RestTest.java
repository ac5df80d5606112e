package dev.realtime.samples.arena;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program on a port of its own, as a page sees it over HTTP. */
class RestTest {
    private static final String SECRET = "a secret of more than thirty-two bytes";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Arena arena;

    @BeforeAll
    static void start() {
        arena = Arena.start(Settings.from(
                Map.of("PORT", "0", "METRICS_PORT", "0", "JWT_SECRET", SECRET, "ORIGINS", "https://play.example")));
    }

    @AfterAll
    static void stop() {
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'', text/html",
        "arena.js, text/javascript",
        "art/zones.js, text/javascript",
        "arena.css, text/css",
        "favicon.svg, image/svg+xml",
        "socket.io/socket.io.min.js, application/javascript"
    })
    void thePageIsServedWithTheRightTypes(String path, String type) throws Exception {
        HttpResponse<String> reply = send(request(path).GET());
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type").orElseThrow()).startsWith(type);
    }

    @Test
    void operatorsFindMetricsAndPlayersDoNot() throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + arena.metricsPort() + "/metrics");
        assertThat(send(HttpRequest.newBuilder(metrics).GET()).body())
                .contains("realtime_connections{", "realtime_http_requests_total");
        assertThat(send(request("metrics").GET()).statusCode()).isEqualTo(404);
    }

    @Test
    void aLoginGivesATokenThatOpensTheWorld() throws Exception {
        JsonNode ticket = json(login("{\"name\":\"  Zoë   O-1 \"}"));
        assertThat(ticket.path("player").path("name").asText()).isEqualTo("Zoë O-1");
        assertThat(ticket.path("player").path("colour").asText()).matches("#[0-9a-f]{6}");
        assertThat(ticket.path("player").has("x")).isFalse();
        JsonNode world =
                json(send(bearer("api/world", ticket.path("token").asText()).GET()));
        assertThat(world.path("width").asInt()).isEqualTo(1200);
        assertThat(world.path("zones")).hasSize(4);
        assertThat(world.path("zones").get(0).path("w").asInt()).isEqualTo(560);
        assertThat(world.path("players")).isEmpty();
        assertThat(world.path("chat").path("tavern").isArray()).isTrue();
        assertThat(world.path("node").asText()).isEqualTo("arena-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"x\"}",
                "{\"name\":\"seventeen letters\"}",
                "{\"name\":\"<b>bold\"}",
                "{\"name\":\"a\\nb\\u0000\"}",
                "{\"name\":42}",
                "{}",
                "[]",
                "not json",
                ""
            })
    void aNameThatIsNoneIsRefused(String body) throws Exception {
        HttpResponse<String> reply = login(body);
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(json(reply).path("code").asText()).isEqualTo("invalid_name");
        assertThat(json(reply).path("message").asText()).contains("2–16");
    }

    @Test
    void aTokenIsRenewedForTheSamePlayer() throws Exception {
        JsonNode ticket = json(login("{\"name\":\"Ann\"}"));
        String renewed = json(send(
                        bearer("api/refresh", ticket.path("token").asText()).POST(BodyPublishers.noBody())))
                .path("token")
                .asText();
        assertThat(JWT.decode(renewed).getSubject())
                .isEqualTo(ticket.path("player").path("id").asText());
        assertThat(JWT.decode(renewed).getClaim("colour").asString())
                .isEqualTo(ticket.path("player").path("colour").asText());
        assertThat(JWT.decode(renewed).getExpiresAtAsInstant()).isAfter(Instant.now());
        assertThat(send(bearer("api/world", renewed).GET()).statusCode()).isEqualTo(200);
    }

    @Test
    void badTokensAreRefused() throws Exception {
        Instant hence = Instant.now().plusSeconds(60);
        String[] bad = {
            "nonsense",
            JWT.create()
                    .withIssuer("arena")
                    .withSubject("a")
                    .withExpiresAt(hence)
                    .sign(Algorithm.none()),
            JWT.create()
                    .withIssuer("arena")
                    .withSubject("a")
                    .withExpiresAt(hence)
                    .sign(Algorithm.HMAC256("x".repeat(32))),
            JWT.create()
                    .withIssuer("other")
                    .withSubject("a")
                    .withExpiresAt(hence)
                    .sign(Algorithm.HMAC256(SECRET)),
            JWT.create()
                    .withIssuer("arena")
                    .withSubject("a")
                    .withExpiresAt(hence.minusSeconds(120))
                    .sign(Algorithm.HMAC256(SECRET)),
            JWT.create()
                    .withIssuer("arena")
                    .withSubject("a")
                    .withExpiresAt(hence)
                    .sign(Algorithm.HMAC256(SECRET)),
            JWT.create()
                    .withIssuer("arena")
                    .withClaim("name", "a")
                    .withExpiresAt(hence)
                    .sign(Algorithm.HMAC256(SECRET)),
        };
        for (String token : bad) {
            for (String path : new String[] {"api/world", "api/refresh"}) {
                HttpRequest.Builder request = bearer(path, token);
                HttpResponse<String> reply =
                        send(path.endsWith("world") ? request.GET() : request.POST(BodyPublishers.noBody()));
                assertThat(reply.statusCode()).as("%s with %s", path, token).isEqualTo(401);
                assertThat(json(reply).path("code").asText()).isEqualTo("unauthorized");
            }
        }
        assertThat(send(request("api/world").GET()).statusCode()).isEqualTo(401);
    }

    @Test
    void aPathHasOneMethod() throws Exception {
        HttpResponse<String> reply = send(request("api/login").GET());
        assertThat(reply.statusCode()).isEqualTo(405);
        assertThat(reply.headers().firstValue("allow")).hasValue("POST");
    }

    @Test
    void onlyPagesOfTheseOriginsMayAsk() throws Exception {
        HttpResponse<String> mine = send(request("api/login")
                .header("Origin", "https://play.example")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(mine.statusCode()).isEqualTo(204);
        assertThat(mine.headers().firstValue("access-control-allow-origin")).hasValue("https://play.example");
        HttpResponse<String> other = send(request("api/login")
                .header("Origin", "https://evil.example")
                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    private static HttpResponse<String> login(String body) throws IOException, InterruptedException {
        return send(request("api/login").POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder bearer(String path, String token) {
        return request(path).header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(arena.address().resolve(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> reply) throws IOException {
        return new ObjectMapper().readTree(reply.body());
    }
}
