package dev.realtime.benchmarks.containers;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The least that the load generator takes for a Socket.IO server: it cuts payloads out of the text and sends them with {@code sendText}, one message
 * at a time. No heartbeat, no limits, no recovery, no protection from clients that do not read. What it costs is the container's own.
 */
public final class RawEndpoint extends Endpoint {
    private static final String BROADCAST = "42[\"bcast\",";
    private static final String ECHO = "[\"echo\",";

    private final Set<Session> all;
    private final boolean async;

    private RawEndpoint(Set<Session> all, boolean async) {
        this.all = all;
        this.async = async;
    }

    /**
     * Where it is registered.
     *
     * @param async whether to use {@code getAsyncRemote()}: for a container whose handlers run on I/O threads, where a blocking send is not allowed
     */
    record Registration(boolean async) {
        void register(ServletContext context) {
            // Tomcat asks no filter, not even its own for upgrades, where no servlet is.
            context.addServlet("none", new HttpServlet() {}).addMapping("/");
            Set<Session> all = ConcurrentHashMap.newKeySet();
            var container = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
            try {
                container.addEndpoint(ServerEndpointConfig.Builder.create(RawEndpoint.class, "/socket.io/")
                        .configurator(new ServerEndpointConfig.Configurator() {
                            @Override
                            public <T> T getEndpointInstance(Class<T> type) {
                                return type.cast(new RawEndpoint(all, async));
                            }
                        })
                        .build());
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Containers find out by reflection what a handler takes, so this is a class and not a lambda. */
    private record Texts(RawEndpoint endpoint, Session session) implements MessageHandler.Whole<String> {
        @Override
        public void onMessage(String text) {
            endpoint.received(session, text);
        }
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
        session.setMaxIdleTimeout(0);
        session.addMessageHandler(new Texts(this, session));
        send(
                session,
                "0{\"sid\":\"" + session.getId()
                        + "\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    private void received(Session session, String text) {
        if (text.startsWith(BROADCAST)) {
            String message = "42[\"msg\"," + text.substring(BROADCAST.length());
            all.forEach(member -> send(member, message));
        } else if (text.equals("40")) {
            all.add(session);
            send(session, "40{\"sid\":\"" + session.getId() + "\"}");
        } else if (text.startsWith("42")) {
            int array = text.indexOf(ECHO);
            send(session, "43" + text.substring(2, array) + "[" + text.substring(array + ECHO.length()));
        }
    }

    private void send(Session session, String text) {
        if (async) {
            session.getAsyncRemote().sendText(text, result -> {});
            return;
        }
        synchronized (session) {
            try {
                session.getBasicRemote().sendText(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
        all.remove(session);
    }
}
