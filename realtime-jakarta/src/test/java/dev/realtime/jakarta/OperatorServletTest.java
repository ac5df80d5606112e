package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.health.HealthCheck;
import dev.realtime.health.HealthOptions;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages about a node in each container. */
class OperatorServletTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private URI server;

    enum Container {
        TOMCAT(TomcatServer::start),
        JETTY(JettyServer::start),
        UNDERTOW(UndertowServer::start);

        private final Function<Consumer<ServletContext>, TestServer> start;

        Container(Function<Consumer<ServletContext>, TestServer> start) {
            this.start = start;
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @EnumSource
    void probesGetAWordAndOperatorsEverything(Container container) throws Exception {
        try (Realtime realtime = Realtime.builder()
                        .health(HealthOptions.DEFAULT.check("database", () -> HealthCheck.failed("no connection")))
                        .namespace("/", game -> game.allowAnonymous())
                        .build();
                TestServer served = container.start.apply(context -> {
                    RealtimeServlet.register(context, realtime);
                    OperatorServlet.register(
                            context, realtime, "/operators", request -> request.getHeader("X-Operator") != null);
                })) {
            server = served.uri();
            for (String path : Arrays.asList("/health", "/health/live", "/health/ready", "/health/websocket")) {
                HttpResponse<String> brief = get("/operators" + path);
                assertThat(brief.statusCode()).as(path).isEqualTo(200);
                assertThat(brief.body()).isEqualTo("{\"status\":\"UP\"}");
                assertThat(brief.headers().firstValue("content-type").orElse(""))
                        .startsWith("application/json");
            }
            assertThat(get("/operators/health/websocket", "X-Operator", "yes").body())
                    .contains("\"status\":\"degraded\"", "\"failed_checks\":[\"database\"]", "no connection");
            assertThat(get("/operators/stats", "X-Operator", "yes").body())
                    .contains("\"totalInstances\":1", realtime.node());
            assertThat(get("/operators/stats").statusCode()).isEqualTo(404);
            assertThat(get("/operators/health/other").statusCode()).isEqualTo(404);
            HttpRequest head = HttpRequest.newBuilder(server.resolve("/operators/health/ready"))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            HttpRequest post = HttpRequest.newBuilder(server.resolve("/operators/health"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
            realtime.close();
            for (String path : Arrays.asList("/health", "/health/live", "/health/ready")) {
                assertThat(get("/operators" + path).statusCode()).as(path).isEqualTo(503);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePagesCanStandAtTheRoot(Container container) throws Exception {
        try (Realtime realtime = Realtime.builder()
                        .namespace("/", game -> game.allowAnonymous())
                        .build();
                TestServer served = container.start.apply(context -> {
                    RealtimeServlet.register(context, realtime);
                    OperatorServlet.register(context, realtime, "", request -> true);
                })) {
            server = served.uri();
            for (Map.Entry<String, String> page : Map.of(
                            "/health",
                            "healthy",
                            "/health/websocket",
                            "healthy",
                            "/health/ready",
                            "UP",
                            "/stats",
                            realtime.node())
                    .entrySet()) {
                assertThat(get(page.getKey()).body()).contains(page.getValue());
            }
        }
    }
}
