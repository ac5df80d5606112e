package dev.realtime.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.realtime.Realtime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** What docs/spring-boot.md says, against the application that it shows: under a context path, behind Spring Security. */
class SpringDocumentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PAGE = "https://game.example";

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() {
        application = new SpringApplicationBuilder(SecuredGame.class, Observer.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "server.servlet.context-path=/game",
                        "spring.security.user.name=ann",
                        "spring.security.user.password=secret",
                        "spring.main.banner-mode=off")
                .run();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private static int port(ConfigurableApplicationContext application) {
        return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(application) + "/game" + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void theDocumentShowsTheCodeThatIsCompiledHere() throws IOException {
        String code = unindented(Files.readString(
                Path.of("..", "src", "test", "java", "dev", "realtime", "compatibility", "SecuredGame.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "..", "docs", "spring-boot.md")))
                .results()
                .map(block -> unindented(block.group(1)))
                .toList();
        assertThat(shown)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Test
    void clientsNeedNoLoginAndNoTokenAgainstForgery() throws Exception {
        HttpResponse<String> opened = send(request("/socket.io/?EIO=4&transport=polling"));
        assertThat(opened.statusCode()).isEqualTo(200);
        String sid = opened.body().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
        HttpResponse<String> posted = send(request("/socket.io/?EIO=4&transport=polling&sid=" + sid)
                .POST(HttpRequest.BodyPublishers.ofString("40")));
        assertThat(posted.statusCode()).isEqualTo(200);
        assertThat(send(request("/api/announce")).statusCode()).isEqualTo(401);
    }

    @Test
    void anyPartOfTheGameReachesTheClients() throws Exception {
        Player ann = new Player().connect(port(application), "/game/socket.io/");
        String login = Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8));
        assertThat(send(request("/api/announce").header("Authorization", "Basic " + login))
                        .body())
                .isEqualTo("done");
        ann.awaitTexts("welcome");
    }

    @Test
    void eachSideAnswersForItsOwnPathWithOneHeader() throws Exception {
        for (String path : List.of("/socket.io/?EIO=4&transport=polling", "/api/announce")) {
            HttpResponse<String> answer = send(request(path)
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", PAGE)
                    .header("Access-Control-Request-Method", "GET"));
            assertThat(answer.statusCode()).as(path).isBetween(200, 204);
            assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                    .as(path)
                    .containsExactly(PAGE);
        }
        assertThat(send(request("/socket.io/?EIO=4&transport=polling").header("Origin", "https://elsewhere.example"))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theEngineIsDrainedWhileTheWebServerStillServes() {
        Player ann = new Player().connect(port(application), "/game/socket.io/");
        AtomicReference<String> seen = application.getBean(Observer.class).seen;
        application.close();
        await().atMost(PATIENCE).until(() -> !ann.isConnected());
        assertThat(seen.get()).isEqualTo("engine open: false, web server: 401");
    }

    /** Looks in the moment between the engine and the web server. */
    static class Observer {
        final AtomicReference<String> seen = new AtomicReference<>("nothing");

        @Bean
        SmartLifecycle between(Realtime realtime, ConfigurableApplicationContext context) {
            return new SmartLifecycle() {
                private volatile boolean running;

                @Override
                public void start() {
                    running = true;
                }

                @Override
                public void stop() {
                    running = false;
                    try {
                        int status = HttpClient.newHttpClient()
                                .send(
                                        HttpRequest.newBuilder(URI.create(
                                                        "http://127.0.0.1:" + port(context) + "/game/api/announce"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode();
                        seen.set("engine open: " + realtime.isOpen() + ", web server: " + status);
                    } catch (IOException e) {
                        seen.set(e.toString());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public boolean isRunning() {
                    return running;
                }

                @Override
                public int getPhase() {
                    return DEFAULT_PHASE - 1;
                }
            };
        }
    }
}
