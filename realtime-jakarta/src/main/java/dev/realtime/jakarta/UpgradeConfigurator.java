package dev.realtime.jakarta;

import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Map;

/** What the container asks while it completes one upgrade. The engine has judged the request before, its origin included. */
final class UpgradeConfigurator extends ServerEndpointConfig.Configurator {
    private static final String DEFLATE = "permessage-deflate";

    private final SocketEndpoint endpoint;
    private final Map<String, String> headers;
    private final boolean compression;

    UpgradeConfigurator(SocketEndpoint endpoint, Map<String, String> headers, boolean compression) {
        this.endpoint = endpoint;
        this.headers = headers;
        this.compression = compression;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        return type.cast(endpoint);
    }

    @Override
    public boolean checkOrigin(String origin) {
        return true;
    }

    /** The engine speaks the same whatever a client calls it; a browser gives up on a server that picks none of its offers. */
    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
        return requested.isEmpty() ? "" : requested.get(0);
    }

    /** The first offer of compression when it is switched on, else nothing: containers would agree to any extension they have. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        return requested.stream()
                .filter(offer -> compression && DEFLATE.equals(offer.getName()))
                .limit(1)
                .toList();
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        headers.forEach((name, value) -> response.getHeaders().put(name, List.of(value)));
    }
}
