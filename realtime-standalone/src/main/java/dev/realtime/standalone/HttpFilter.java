package dev.realtime.standalone;

import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;

/** The last filter of a connection that speaks HTTP: lets it in, or not, and hands its bytes to its HttpConnection. */
final class HttpFilter extends BaseFilter {
    private static final String ATTRIBUTE = "dev.realtime.standalone.http";

    private final HttpServer server;
    private final WebSockets sockets;
    private final boolean secure;
    private final ErrorShield shield;

    HttpFilter(HttpServer server, WebSockets sockets, boolean secure, ErrorShield shield) {
        this.shield = shield;
        this.server = server;
        this.sockets = sockets;
        this.secure = secure;
    }

    @Override
    public NextAction handleAccept(FilterChainContext ctx) {
        TCPNIOConnection connection = (TCPNIOConnection) ctx.getConnection();
        HttpConnection http = new HttpConnection(connection, sockets.writer(connection, secure), secure, server);
        if (server.connections().enter(http)) {
            connection.getAttributes().setAttribute(ATTRIBUTE, http);
            http.watchSocket();
        } else {
            http.terminate();
        }
        return ctx.getInvokeAction();
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        Buffer bytes = ctx.getMessage();
        if (ctx.getConnection().getAttributes().getAttribute(ATTRIBUTE) instanceof HttpConnection http) {
            shield.guard(ctx.getConnection(), () -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                http.read(copy, copy.length);
            });
        }
        bytes.tryDispose();
        return ctx.getStopAction();
    }

    /** Lets go of what was kept for HTTP. */
    static void forget(TCPNIOConnection connection) {
        connection.getAttributes().removeAttribute(ATTRIBUTE);
    }
}
