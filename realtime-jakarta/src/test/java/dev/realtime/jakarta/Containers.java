package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;

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
}
