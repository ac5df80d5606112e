package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.jakarta.EmbeddingExamples.RealtimeConfiguration;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.TransportDoors;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.websocket.servlet.TomcatWebSocketServletWebServerCustomizer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What docs/embedding.md shows compiles, runs and is what it shows. */
final class EmbeddingTest {
    private static final FakeDoors doors = new FakeDoors();

    @Test
    void tomcatServesBothTransports(@TempDir Path directory) throws Exception {
        Tomcat tomcat = EmbeddingExamples.tomcat(doors, 0, directory);
        try {
            bothTransportsAnswerOn(tomcat.getConnector().getLocalPort());
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @Test
    void jettyServesBothTransports() throws Exception {
        Server server = EmbeddingExamples.jetty(doors, 0);
        try {
            bothTransportsAnswerOn(((ServerConnector) server.getConnectors()[0]).getLocalPort());
        } finally {
            server.stop();
        }
    }

    @Test
    void undertowServesBothTransports() throws Exception {
        Undertow undertow = EmbeddingExamples.undertow(doors, 0);
        try {
            bothTransportsAnswerOn(
                    ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort());
        } finally {
            undertow.stop();
        }
    }

    @Test
    void springBootServesBothTransports() throws Exception {
        try (var context = new SpringApplicationBuilder(BootApplication.class)
                .properties("server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off")
                .run()) {
            bothTransportsAnswerOn(((ServletWebServerApplicationContext) context)
                    .getWebServer()
                    .getPort());
        }
    }

    @Test
    void theStandaloneServerStartsBehindProxies() {
        try (Realtime realtime = Realtime.builder().namespace("/", game -> {}).build();
                StandaloneServer server = EmbeddingExamples.behindProxies(realtime, 0)) {
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void aServerStartsInOrder() {
        try (StandaloneServer server = EmbeddingExamples.serve(StandaloneOptions.DEFAULT.port(0))) {
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String document = Files.readString(Path.of("../docs/embedding.md"));
        String code =
                unindented(Files.readString(Path.of("src/test/java/dev/realtime/jakarta/EmbeddingExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(shown).hasSize(11);
        assertThat(shown)
                .allSatisfy(
                        snippet -> assertThat(code).contains(unindented(snippet).split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Configuration
    @Import(RealtimeConfiguration.class)
    @ImportAutoConfiguration(ServletWebServerFactoryAutoConfiguration.class)
    static class BootApplication {
        /** What Boot configures by itself where Tomcat is the only container on the class path, as it is not here. */
        @Bean
        TomcatWebSocketServletWebServerCustomizer websocketServletWebServerCustomizer() {
            return new TomcatWebSocketServletWebServerCustomizer();
        }

        @Bean
        TransportDoors doors() {
            return doors;
        }
    }

    private static void bothTransportsAnswerOn(int port) throws Exception {
        doors.onExchange = exchange -> exchange.reply(
                new HttpReply(200, Map.of("Content-Type", "text/plain"), "polled".getBytes(StandardCharsets.UTF_8)));
        doors.onOpen = peer -> peer.connection.write(List.of(Frame.text(new byte[] {'h', 'i'})), new Ignored());
        URI uri = URI.create("http://127.0.0.1:" + port);
        try (RawClient poll = new RawClient(uri);
                RawClient socket = RawClient.webSocket(uri)) {
            assertThat(poll.request("GET", "/socket.io/?EIO=4&transport=polling", "", "")
                            .body())
                    .isEqualTo("polled");
            assertThat(socket.frame().payload()).isEqualTo("hi".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final class Ignored implements dev.realtime.spi.Connection.WriteListener {
        @Override
        public void written() {}

        @Override
        public void failed(Throwable cause) {}
    }
}
