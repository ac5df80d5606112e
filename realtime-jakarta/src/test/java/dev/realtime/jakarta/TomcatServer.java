package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

final class TomcatServer implements TestServer {
    private final Tomcat tomcat;
    private final Path base;

    private TomcatServer(Tomcat tomcat, Path base) {
        this.tomcat = tomcat;
        this.base = base;
    }

    static TestServer start(TransportDoors doors) {
        return start((ServletContext context) -> RealtimeServlet.register(context, doors));
    }

    /** @param servlets registers what is to be served */
    static TestServer start(Consumer<ServletContext> servlets) {
        try {
            Path base = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setSilent(true);
            tomcat.setBaseDir(base.toString());
            Connector connector = new Connector("HTTP/1.1");
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            connector.setProperty("maxThreads", String.valueOf(Containers.THREADS));
            tomcat.setConnector(connector);
            Context context = tomcat.addContext("", base.toString());
            context.addServletContainerInitializer(new WsSci(), null);
            context.addServletContainerInitializer((classes, servletContext) -> servlets.accept(servletContext), null);
            tomcat.start();
            return new TomcatServer(tomcat, base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI uri() {
        return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
            try (var files = Files.walk(base)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(file -> file.toFile().delete());
            }
        } catch (LifecycleException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
