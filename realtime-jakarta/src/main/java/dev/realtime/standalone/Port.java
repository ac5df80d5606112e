package dev.realtime.standalone;

import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.NetworkListener;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.ssl.SSLBaseFilter;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.glassfish.grizzly.utils.IdleTimeoutFilter;
import org.jspecify.annotations.Nullable;

/** One Grizzly port: HTTP, and the way from there to WebSocket. */
final class Port {
    private static final int BACKLOG = 4_096;

    private final HttpServer server = new HttpServer();
    private final NetworkListener listener;

    Port(
            String host,
            int port,
            int selectors,
            Duration gather,
            @Nullable SSLContext tls,
            Front front,
            Engine engine,
            TyrusHandshake handshake,
            WebSockets sockets,
            IdleConnections idle) {
        listener = new NetworkListener("realtime", host, port);
        TCPNIOTransport transport = listener.getTransport();
        transport.setIOStrategy(SameThreadIOStrategy.getInstance());
        transport.setSelectorRunnersCount(selectors);
        transport.setSelectorHandler(new GatheringSelector(gather));
        transport.setServerConnectionBackLog(BACKLOG);
        transport.setReuseAddress(true);
        transport.setTcpNoDelay(true);
        listener.getKeepAlive().setMaxRequestsCount(-1);
        listener.setDefaultErrorPageGenerator((request, status, reason, description, exception) -> "");
        listener.getFileCache().setEnabled(false);
        if (tls != null) {
            listener.setSecure(true);
            listener.setSSLEngineConfig(new SSLEngineConfigurator(tls, false, false, false));
        }
        listener.registerAddOn((l, chain) -> addFilters(chain, engine, handshake, sockets, idle));
        server.addListener(listener);
        server.getServerConfiguration().addHttpHandler(front, "/");
    }

    private static void addFilters(
            FilterChainBuilder chain,
            Engine engine,
            TyrusHandshake handshake,
            WebSockets sockets,
            IdleConnections idle) {
        FilterChain webSocketChain = webSocketChain(chain);
        UpgradeFilter upgrade = new UpgradeFilter(engine.doors(), handshake, sockets, webSocketChain, idle);
        chain.remove(chain.indexOfType(IdleTimeoutFilter.class));
        chain.add(chain.indexOfType(HttpServerFilter.class), upgrade);
        chain.add(chain.indexOfType(org.glassfish.grizzly.http.HttpServerFilter.class), idle);
        chain.add(chain.indexOfType(org.glassfish.grizzly.http.HttpServerFilter.class), new HeldRequest());
    }

    /** What an upgraded connection lives on: no HTTP in it. The TLS filter is the same one, its state is the connection's. */
    private static FilterChain webSocketChain(FilterChainBuilder http) {
        FilterChainBuilder chain = FilterChainBuilder.stateless().add(new TransportFilter());
        int tls = http.indexOfType(SSLBaseFilter.class);
        if (tls >= 0) {
            chain.add(http.get(tls));
        }
        return chain.add(new WebSocketFilter()).build();
    }

    void open() throws IOException {
        server.start();
    }

    int number() {
        return listener.getPort();
    }

    /** New connections are refused from now on; open ones live. */
    void stopListening() {
        listener.getTransport().unbindAll();
    }

    /** Ends every connection and frees the threads. */
    void close() {
        server.shutdownNow();
    }
}
