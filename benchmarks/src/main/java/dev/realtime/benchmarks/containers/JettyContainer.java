package dev.realtime.benchmarks.containers;

import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An embedded Jetty. */
final class JettyContainer {
    private JettyContainer() {}

    static void start(int port, Consumer<ServletContext> application) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(ContainerServer.HOST);
        connector.setPort(port);
        connector.setAcceptQueueSize(ContainerServer.BACKLOG);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        JakartaWebSocketServletContainerInitializer.configure(context, null);
        context.addServletContainerInitializer((classes, servletContext) -> application.accept(servletContext));
        server.setHandler(context);
        server.start();
    }
}
