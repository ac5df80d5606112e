package dev.realtime.benchmarks.containers;

import dev.realtime.Realtime;
import dev.realtime.benchmarks.RealtimeServer;
import dev.realtime.benchmarks.peers.Control;
import dev.realtime.jakarta.RealtimeServlet;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A container with this library's servlet or, with {@code --raw}, with {@link RawEndpoint}. Containers have their defaults, but for the number of
 * connections and the length of the accept queue.
 */
public final class ContainerServer {
    static final int CONNECTIONS = 100_000;
    static final int BACKLOG = 4096;
    static final String HOST = "127.0.0.1";

    private ContainerServer() {}

    public static void main(String[] args) throws Exception {
        String container = String.valueOf(Control.argument(args, "--container"));
        int port = Control.port(args);
        Consumer<ServletContext> application;
        if (Control.has(args, "--raw")) {
            application = new RawEndpoint.Registration(container.equals("undertow"))::register;
        } else {
            Realtime engine = RealtimeServer.engine(args);
            application = context -> RealtimeServlet.register(context, engine);
        }
        start(container, port, application);
        Control.serve();
    }

    private static void start(String container, int port, Consumer<ServletContext> application) throws Exception {
        switch (container) {
            case "tomcat" -> TomcatContainer.start(port, application);
            case "jetty" -> JettyContainer.start(port, application);
            case "undertow" -> UndertowContainer.start(port, application);
            default -> throw new IOException("no container is called " + container);
        }
    }
}
