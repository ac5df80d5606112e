package dev.realtime.standalone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.asyncqueue.AsyncQueueWriter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.TransportFilter;
import org.glassfish.grizzly.nio.ChannelConfigurator;
import org.glassfish.grizzly.nio.NIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.jspecify.annotations.Nullable;

/** The sockets of a server on Grizzly: HTTP, and the way from there to WebSocket. */
final class ServerSockets {
    private static final int BACKLOG = 4_096;

    private final TCPNIOTransport transport;
    private final SelectorThreads threads;
    private final @Nullable Encryption encryption;
    private @Nullable Connection<?> listening;

    /** @param sendBuffer bytes that the kernel may hold for a client; 0 leaves it to the system */
    ServerSockets(int selectors, Duration gather, int sendBuffer, @Nullable SSLContext tls, SelectorThreads threads) {
        this.threads = threads;
        this.encryption = tls == null ? null : new Encryption(tls);
        AcceptingStrategy strategy = new AcceptingStrategy();
        transport = TCPNIOTransportBuilder.newInstance().setIOStrategy(strategy).build();
        transport.setKernelThreadPool(threads);
        transport.setSelectorRunnersCount(selectors);
        transport.setSelectorHandler(new GatheringSelector(gather));
        transport.setServerConnectionBackLog(BACKLOG);
        transport.setReuseAddress(true);
        transport.setTcpNoDelay(true);
        transport.setLinger(0); // a socket that is closed is gone; whoever wants to be polite ends his direction first
        transport.setChannelConfigurator(new Sockets(strategy, sendBuffer));
        transport.getAsyncQueueIO().getWriter().setMaxPendingBytesPerConnection(AsyncQueueWriter.UNLIMITED_SIZE);
    }

    boolean isSecure() {
        return encryption != null;
    }

    /** What an upgraded connection lives on: no HTTP in it. The TLS filter is the same one, its state is the connection's. */
    FilterChain webSocketChain(ErrorShield shield) {
        return start().add(new WebSocketFilter(shield)).build();
    }

    /** Listens, and lets every connection begin with HTTP. */
    void open(String host, int port, HttpFilter http) throws IOException {
        transport.setProcessor(start().add(http).build());
        listening = transport.bind(new InetSocketAddress(host, port), BACKLOG);
        transport.start();
    }

    /** Listens elsewhere too, until the end. */
    int alsoListen(String host, int port) throws IOException {
        return number(transport.bind(new InetSocketAddress(host, port), BACKLOG));
    }

    private FilterChainBuilder start() {
        FilterChainBuilder chain = FilterChainBuilder.stateless().add(new TransportFilter());
        return encryption == null ? chain : chain.add(encryption.filter());
    }

    int number() {
        Connection<?> open = listening;
        return open == null ? 0 : number(open);
    }

    private static int number(Connection<?> bound) {
        return ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    /** New connections of players are refused from now on; open ones live. */
    void stopListening() {
        Connection<?> open = listening;
        if (open != null) {
            uninterrupted(() -> transport.unbind((Connection) open));
        }
    }

    /** Grizzly waits a moment for its threads, and would lose the word that its caller is interrupted. */
    private static void uninterrupted(Runnable task) {
        boolean interrupted = Thread.interrupted();
        try {
            task.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends every connection and the threads. A port is free only when its thread has come to it, so they are waited for. */
    void close() {
        uninterrupted(() -> {
            try {
                transport.shutdownNow();
            } catch (IOException e) {
                // everything that can be closed is
            }
            threads.end();
        });
    }

    /** Grizzly's own settings, and a bound for what the kernel keeps for a client that does not read. */
    private record Sockets(AcceptingStrategy strategy, int sendBuffer) implements ChannelConfigurator {
        @Override
        public void preConfigure(NIOTransport transport, SelectableChannel channel) throws IOException {
            TCPNIOTransport.DEFAULT_CHANNEL_CONFIGURATOR.preConfigure(transport, channel);
        }

        @Override
        public void postConfigure(NIOTransport transport, SelectableChannel channel) throws IOException {
            TCPNIOTransport.DEFAULT_CHANNEL_CONFIGURATOR.postConfigure(transport, channel);
            if (channel instanceof SocketChannel socket) {
                strategy.accepted();
                bound(socket);
            }
        }

        private void bound(SocketChannel socket) throws IOException {
            if (sendBuffer > 0) {
                try {
                    socket.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
                } catch (SocketException e) {
                    // it has ended already
                }
            }
        }
    }
}
