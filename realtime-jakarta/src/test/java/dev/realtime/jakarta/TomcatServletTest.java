package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.TransportDoors;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs twice in a build: on Tomcat 10.1, and by its tag on Tomcat 11 with a class path of its own. */
@Tag("tomcat")
final class TomcatServletTest extends ServletContract {
    @Override
    TestServer start(TransportDoors served) {
        return Containers.tomcat(served);
    }

    @Test
    void thisIsTheVersionThatTheBuildMeans() {
        assertThat(ServerInfo.getServerNumber()).startsWith(System.getProperty("realtime.test.tomcat", "10.1"));
    }
}
