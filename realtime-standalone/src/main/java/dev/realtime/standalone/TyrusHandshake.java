package dev.realtime.standalone;

import dev.realtime.spi.RequestView;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.glassfish.tyrus.core.RequestContext;
import org.glassfish.tyrus.core.TyrusUpgradeResponse;
import org.glassfish.tyrus.core.TyrusWebSocketEngine;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.UpgradeResponse;
import org.glassfish.tyrus.spi.WebSocketEngine;
import org.jspecify.annotations.Nullable;

/**
 * Lets Tyrus answer an upgrade (key, version, extensions). Tyrus gets to see the WebSocket headers only, and its session is never
 * made: {@link WebSocketConnection} takes the connection over.
 */
final class TyrusHandshake extends TyrusServerContainer {
    private static final Set<String> SEEN = Set.of("host", "upgrade", "connection");

    /** Nobody offers more; Tyrus takes a long time over long lists of extensions. */
    private static final int LONGEST_HEADER = 1_024;

    private final TyrusWebSocketEngine engine =
            TyrusWebSocketEngine.builder(this).build();
    private final String path;

    static TyrusHandshake at(String path, boolean compression) {
        try {
            return new TyrusHandshake(path, compression);
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }

    private TyrusHandshake(String path, boolean compression) throws DeploymentException {
        super((Set<Class<?>>) null);
        this.path = path;
        register(ServerEndpointConfig.Builder.create(Never.class, path)
                .configurator(new Negotiation(compression))
                .build());
    }

    /** The 101 response, or null when Tyrus does not agree. */
    @Nullable
    UpgradeResponse answer(RequestView request) {
        RequestContext context = RequestContext.Builder.create()
                .requestURI(URI.create(path))
                .parameterMap(Map.of())
                .build();
        request.headers().forEach((name, values) -> {
            if (SEEN.contains(name) || (name.startsWith("sec-websocket-") && length(values) <= LONGEST_HEADER)) {
                context.getHeaders().put(name, new ArrayList<>(values));
            }
        });
        UpgradeResponse response = new TyrusUpgradeResponse();
        try {
            boolean agreed = engine.upgrade(context, response).getStatus() == WebSocketEngine.UpgradeStatus.SUCCESS;
            return agreed && response.getStatus() == 101 ? response : null;
        } catch (RuntimeException e) {
            return null; // Tyrus throws at some malformed extension headers
        }
    }

    private static int length(List<String> values) {
        return values.stream().mapToInt(String::length).sum();
    }

    /** Whether the response tells the client to compress. */
    static boolean compresses(UpgradeResponse response) {
        return response.getFirstHeaderValue("Sec-WebSocket-Extensions") != null;
    }

    @Override
    public void register(Class<?> endpoint) throws DeploymentException {
        engine.register(endpoint, "/");
    }

    @Override
    public void register(ServerEndpointConfig config) throws DeploymentException {
        engine.register(config, "/");
    }

    @Override
    public WebSocketEngine getWebSocketEngine() {
        return engine;
    }

    @Override
    public Map<String, Object> getProperties() {
        return Map.of();
    }

    private static final class Negotiation extends ServerEndpointConfig.Configurator {
        private final boolean compression;

        Negotiation(boolean compression) {
            this.compression = compression;
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            return compression ? Deflate.accept(requested) : List.of();
        }

        /** The engine speaks the same whatever a client calls it; a browser gives up on a server that picks none of its offers. */
        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return requested.isEmpty()
                    ? ""
                    : requested.get(0).split(",", 2)[0].strip(); // Tyrus may not have split the header
        }

        @Override
        public boolean checkOrigin(String origin) {
            return true; // the engine has judged it
        }
    }

    /** Gives the path an endpoint; never opened. */
    static final class Never extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {
            throw new IllegalStateException("the WebSocketConnection takes over before Tyrus opens a session");
        }
    }
}
