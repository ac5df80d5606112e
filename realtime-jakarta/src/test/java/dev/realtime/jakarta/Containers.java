package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.spi.TransportDoors;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import java.net.URI;
import java.time.Duration;

/**
 * Starts the containers that the servlet is tested in, each with {@value #THREADS} threads for requests. Each container's code is
 * in a class of its own, so that a test run needs only the container it starts on its class path.
 */
public final class Containers {
    public static final int THREADS = 8;

    private Containers() {}

    /** Tomcat, of the version on the class path: 10.1, and 11 in the second run of the build. */
    public static TestServer tomcat(TransportDoors doors) {
        return TomcatServer.start(doors);
    }

    /** Jetty 12.1, ee10. */
    public static TestServer jetty(TransportDoors doors) {
        return JettyServer.start(doors);
    }

    /** Undertow 2.3. */
    public static TestServer undertow(TransportDoors doors) {
        return UndertowServer.start(doors);
    }

    /** No container: the standalone server, for tests that hold both to the same. */
    static TestServer standalone(Realtime realtime) {
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT.host("127.0.0.1").port(0).drain(DrainOptions.within(Duration.ofMillis(100))));
        return new TestServer() {
            @Override
            public URI uri() {
                return URI.create("http://127.0.0.1:" + server.port());
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
