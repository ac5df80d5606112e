package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.limits.OutboxLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 has no {@code Host}: the page of the server itself is known by {@code :authority}. */
@Tag("tomcat")
final class Http2Test {

    @Test
    void thePageOfTheServerItselfIsAllowed(@TempDir Path directory) throws Exception {
        try (Realtime realtime = Realtime.builder()
                .namespace("/", game -> {})
                .outbox(OutboxLimits.DEFAULT.stallTimeout(Duration.ofMillis(200))) // the clients do not come back
                .build()) {
            Tomcat tomcat = new Tomcat();
            tomcat.setSilent(true);
            tomcat.setBaseDir(directory.toString());
            Connector connector = new Connector("HTTP/1.1");
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            connector.addUpgradeProtocol(new Http2Protocol());
            tomcat.setConnector(connector);
            Context context = tomcat.addContext("", directory.toString());
            context.addServletContainerInitializer(new WsSci(), null);
            context.addServletContainerInitializer(
                    (classes, servletContext) -> RealtimeServlet.register(servletContext, realtime.doors()), null);
            tomcat.start();
            try {
                URI uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort()
                        + "/socket.io/?EIO=4&transport=polling");
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build();
                get(http, uri, "http://" + uri.getAuthority()); // upgrades the connection

                HttpResponse<String> own = get(http, uri, "http://" + uri.getAuthority());
                assertThat(own.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(own.statusCode()).isEqualTo(200);
                assertThat(own.headers().firstValue("access-control-allow-origin"))
                        .hasValue("http://" + uri.getAuthority());

                for (String origin : new String[] {"http://127.0.0.1:1", "http://evil.example"}) {
                    HttpResponse<String> other = get(http, uri, origin);
                    assertThat(other.version()).isEqualTo(HttpClient.Version.HTTP_2);
                    assertThat(other.statusCode()).isEqualTo(403);
                }
            } finally {
                realtime.close();
                tomcat.stop();
                tomcat.destroy();
            }
        }
    }

    private static HttpResponse<String> get(HttpClient http, URI uri, String origin) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).header("Origin", origin).build(), BodyHandlers.ofString());
    }
}
