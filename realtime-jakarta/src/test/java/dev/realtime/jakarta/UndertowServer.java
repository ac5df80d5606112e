package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.function.Consumer;

final class UndertowServer implements TestServer {
    private final Undertow undertow;
    private final DeploymentManager deployment;

    private UndertowServer(Undertow undertow, DeploymentManager deployment) {
        this.undertow = undertow;
        this.deployment = deployment;
    }

    static TestServer start(TransportDoors doors) {
        return start((ServletContext context) -> RealtimeServlet.register(context, doors));
    }

    /** @param servlets registers what is to be served */
    static TestServer start(Consumer<ServletContext> servlets) {
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("realtime")
                .addServletContextAttribute(
                        WebSocketDeploymentInfo.ATTRIBUTE_NAME,
                        new WebSocketDeploymentInfo().addExtension(new PerMessageDeflateHandshake()))
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        Registration.class, new ImmediateInstanceFactory<>(new Registration(servlets)), Set.of()));
        DeploymentManager deployment = Servlets.defaultContainer().addDeployment(info);
        deployment.deploy();
        try {
            Undertow undertow = Undertow.builder()
                    .setIoThreads(2)
                    .setWorkerThreads(Containers.THREADS)
                    .addHttpListener(0, "127.0.0.1", deployment.start())
                    .build();
            undertow.start();
            return new UndertowServer(undertow, deployment);
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Registration(Consumer<ServletContext> servlets) implements ServletContainerInitializer {
        @Override
        public void onStartup(Set<Class<?>> classes, ServletContext context) {
            servlets.accept(context);
        }
    }

    @Override
    public URI uri() {
        var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return URI.create("http://127.0.0.1:" + address.getPort());
    }

    @Override
    public void close() {
        try {
            deployment.stop();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        } finally {
            deployment.undeploy();
            undertow.stop();
        }
    }
}
