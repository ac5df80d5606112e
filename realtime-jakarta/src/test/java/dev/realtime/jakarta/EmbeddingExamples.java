package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.spi.TransportDoors;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import dev.realtime.standalone.TrustedProxies;
import dev.realtime.transport.RequestDecision;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.xnio.Options;

/** The code of docs/embedding.md; {@link EmbeddingTest} runs it and compares the two. */
final class EmbeddingExamples {
    private EmbeddingExamples() {}

    static Tomcat tomcat(TransportDoors doors, int port, Path directory) throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(port);
        tomcat.getConnector();

        Context context = tomcat.addContext("", directory.toString());
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servletContext) -> RealtimeServlet.register(servletContext, doors), null);
        tomcat.start();
        return tomcat;
    }

    /** Knows which addresses are banned. */
    interface Bans {
        CompletionStage<Boolean> lookUp(String address);
    }

    static RealtimeBuilder judged(Bans bans) {
        RealtimeBuilder builder = Realtime.builder()
                .allowRequestAsync(request -> bans.lookUp(request.remoteAddress())
                        .thenApply(banned ->
                                banned ? RequestDecision.refuse(403, "You are banned") : RequestDecision.accept()));
        return builder;
    }

    static Server jetty(TransportDoors doors, int port) throws Exception {
        Server server = new Server(port);
        ServletContextHandler context = new ServletContextHandler("/");
        JakartaWebSocketServletContainerInitializer.configure(context, null);
        context.addServletContainerInitializer(
                (classes, servletContext) -> RealtimeServlet.register(servletContext, doors));
        server.setHandler(context);
        server.start();
        return server;
    }

    static Undertow undertow(TransportDoors doors, int port) throws ServletException {
        ServletInfo servlet = Servlets.servlet(
                        "realtime", RealtimeServlet.class, new ImmediateInstanceFactory<>(new RealtimeServlet(doors)))
                .addMapping(doors.path() + "*")
                .setAsyncSupported(true)
                .setLoadOnStartup(1);
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(RealtimeServlet.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("game")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, new WebSocketDeploymentInfo())
                .addServlet(servlet);
        DeploymentManager deployment = Servlets.defaultContainer().addDeployment(info);
        deployment.deploy();
        Undertow undertow = Undertow.builder()
                .addHttpListener(port, "0.0.0.0", deployment.start())
                .build();
        undertow.start();
        return undertow;
    }

    static void bounded(Connector connector) {
        connector.setProperty("connectionTimeout", "10000");
        connector.setProperty("maxConnections", "5000");
        connector.setProperty("socket.txBufSize", "65536");
    }

    static void bounded(Server server, ServerConnector connector) {
        connector.setIdleTimeout(10_000);
        connector.setAcceptedSendBufferSize(65_536);
        server.addBean(new NetworkConnectionLimit(5_000, connector));
    }

    static void bounded(Undertow.Builder builder) {
        builder.setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 10_000)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 10_000)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 16_384)
                .setSocketOption(Options.CONNECTION_HIGH_WATER, 5_000)
                .setSocketOption(Options.CONNECTION_LOW_WATER, 5_000)
                .setSocketOption(Options.SEND_BUFFER, 65_536);
    }

    static StandaloneServer behindProxies(Realtime realtime, int port) {
        StandaloneServer server = StandaloneServer.start(
                realtime,
                StandaloneOptions.DEFAULT
                        .port(port)
                        .trustedProxies(TrustedProxies.xForwarded("10.0.0.0/8", "2001:db8:1::/48")));
        return server;
    }

    static StandaloneServer serve(StandaloneOptions options) {
        Realtime realtime = Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .namespace("/", game -> game.onConnect(session -> session.join("zone:tavern")))
                .build(); // fails here if an option is wrong or the backend cannot be used
        StandaloneServer server;
        try {
            realtime.ready().toCompletableFuture().join(); // it has read what a shared log holds
            server = StandaloneServer.start(realtime, options); // warms up if told so, then opens the port
        } catch (RuntimeException e) { // the port is taken, say
            realtime.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close(); // drains the engine in phases, then closes what is still open
            realtime.close();
        }));
        return server; // clients are let in, and /health is 200
    }

    @Configuration
    static class RealtimeConfiguration {
        @Bean
        ServletRegistrationBean<RealtimeServlet> realtimeServlet(TransportDoors doors) {
            var registration = new ServletRegistrationBean<>(new RealtimeServlet(doors), doors.path() + "*");
            registration.setLoadOnStartup(1);
            return registration;
        }
    }

    static final class WarListener implements ServletContextListener {
        private final TransportDoors doors;

        WarListener(TransportDoors doors) {
            this.doors = doors;
        }

        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletContext context = event.getServletContext();
            RealtimeServlet.register(context, doors);
        }
    }
}
