package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.HttpReply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection while it speaks HTTP/1.1: requests come one after another, each is answered before the next is looked at. What is sent
 * ahead waits, a little of it here and the rest with the kernel. Everything runs on the connection's selector thread, but what says
 * otherwise.
 */
final class HttpConnection {
    /** Bytes of following requests that are kept before reading stops. */
    private static final int AHEAD = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final TCPNIOConnection connection;
    private final SocketWriter writer;
    private final HttpServer server;
    private final String address;
    private final boolean secure;
    private final RequestInput input;
    private final InputGate gate;
    private final ReplyOutput output;

    private boolean advancing;
    private boolean deaf; // nothing more is taken in
    private boolean last; // the reply that is being written is
    private boolean leaving;
    private @Nullable RequestInProgress current;
    private @Nullable SocketEnd end;
    private String client; // who has sent the latest request, perhaps through a proxy
    private volatile boolean finishing;
    private volatile boolean busy;
    private volatile long since = System.nanoTime();

    HttpConnection(TCPNIOConnection connection, SocketWriter writer, boolean secure, HttpServer server) {
        this.connection = connection;
        this.writer = writer;
        this.server = server;
        this.secure = secure;
        this.address = address(connection.getPeerAddress());
        this.client = address;
        this.input = new RequestInput(server.options().maxHeaderBytes());
        this.gate = new InputGate(connection, server, this::advance);
        this.output = new ReplyOutput(connection, writer, server, this::sent);
    }

    private static String address(@Nullable SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "";
    }

    // ---------------------------------------------------------------- from any thread

    /** Of the other end of the socket, which may be a proxy. */
    String address() {
        return address;
    }

    /** The server's port that the client has chosen. */
    int port() {
        return connection.getLocalAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    }

    TCPNIOConnection connection() {
        return connection;
    }

    SocketWriter writer() {
        return writer;
    }

    /** How long nothing has been answered on it; zero while something is. */
    long idleNanos(long now) {
        return busy ? 0 : now - since;
    }

    /** The socket is gone at once, and what the kernel still had for the peer with it. */
    void terminate() {
        connection.terminateSilently();
    }

    /** Nothing has been answered on it for so long that it is not worth its place. */
    void expire(long longest) {
        run(() -> {
            if (idleNanos(System.nanoTime()) > longest) {
                leave();
            }
        });
    }

    /** No request after the one that is being answered. */
    void finish() {
        run(() -> {
            finishing = true;
            RequestInProgress held = current;
            if (held != null) {
                held.exchange().giveUp();
            } else if (leaving) {
                output.endSoon(); // it was given longer while the server was not stopping
            } else if (!output.isWriting()) {
                leave();
            }
        });
    }

    void run(Runnable task) {
        SelectorThread.run(connection, task);
    }

    // ---------------------------------------------------------------- what comes in

    void read(byte[] bytes, int length) {
        if (deaf) {
            return;
        }
        input.add(bytes, length);
        advance();
    }

    /** Reads on in what has come, as far as that can be answered. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more && !deaf && !input.isEmpty()) {
                more = current != null ? body(current) : !output.isWriting() && request();
            }
        } catch (RequestRefusedException e) {
            refuse(e);
        } finally {
            advancing = false;
        }
        if (deaf || input.isEmpty()) {
            input.clear();
        }
        if (!deaf && connection.isOpen()) {
            boolean waits = current != null || output.isWriting() || gate.isResting();
            gate.stopReading(waits && input.length() > AHEAD);
            boolean bodyComes = current != null && current.lacksBody();
            gate.waits(client, waits && !bodyComes ? input.held() : 0);
        }
    }

    private boolean request() throws RequestRefusedException {
        if (!input.atRequest() || gate.rests(client)) {
            return false;
        }
        RequestHead next = input.head();
        if (next == null) {
            return false;
        }
        begin(next);
        return true;
    }

    private void begin(RequestHead next) {
        busy = true;
        server.counters().requests.increment();
        ClientAddress sender = server.options().proxies().client(next.headers(), address, secure);
        client = sender.address();
        if (!sender.known()) {
            server.counters().unknownClients.increment();
        }
        Exchange exchange = new Exchange(this, server, RequestViews.of(next, sender), Math.max(0, next.length()));
        BodyDecoder decoder =
                next.hasBody() ? BodyDecoder.of(next, server.options().maxHeaderBytes()) : null;
        current = new RequestInProgress(next, exchange, decoder);
        if (next.offersWebSocket()) {
            server.upgrades().attempt(this, next, exchange);
        } else {
            server.router().service(exchange);
        }
    }

    /** Whether bytes have come that are not part of the request. */
    boolean hasMore() {
        return !input.isEmpty();
    }

    boolean isAnswering(Exchange exchange) {
        return inProgress(exchange) != null;
    }

    /** It is a WebSocket from now on. */
    void upgraded() {
        deaf = true;
        current = null;
        server.connections().leave(this);
        gate.close();
        SocketEnd watched = end;
        if (watched != null) {
            watched.forget(); // or this object would live as long as the WebSocket
        }
    }

    // ---------------------------------------------------------------- the body

    /** An exchange wants its body, whatever of it has come so far. */
    void collect(Exchange exchange, BodyCollector into) {
        RequestInProgress request = inProgress(exchange);
        if (request == null) {
            into.fail(new IOException("client is gone"));
            return;
        }
        if (!request.hasBody()) {
            into.complete();
            return;
        }
        request.collect(into);
        if (request.head().expectsContinue() && input.isEmpty() && !output.isWriting()) {
            output.sayContinue();
        }
        advance();
    }

    private boolean body(RequestInProgress request) throws RequestRefusedException {
        if (!request.isCollected() || !request.lacksBody()) {
            return false;
        }
        boolean more = request.readBody(input);
        if (!request.lacksBody()) {
            gate.measure(client, request::completeBody);
        } else if (request.waitsForRoom()) {
            server.deadlines().after(HttpServer.RETRY, () -> run(this::advance));
            return false;
        }
        return more;
    }

    /** Returns the request of an exchange, or null when it is not the one that is being worked on. */
    private @Nullable RequestInProgress inProgress(Exchange exchange) {
        RequestInProgress request = current;
        return request != null && request.exchange() == exchange ? request : null;
    }

    // ---------------------------------------------------------------- what goes out

    /** Answers the request that is being worked on; anything else comes too late. */
    void send(Exchange exchange, HttpReply reply) {
        RequestInProgress request = inProgress(exchange);
        if (request == null) {
            return;
        }
        OutgoingReply outgoing;
        try {
            outgoing = OutgoingReply.of(request.head(), reply, isLast(request));
        } catch (IllegalArgumentException e) {
            server.lines().error(LOG, AddressKey.of(exchange.request().remoteAddress()), "a reply cannot be sent", e);
            send(exchange, JsonReplies.error(500, "internal error"));
            return;
        }
        over();
        write(outgoing);
    }

    /** As {@link #send(Exchange, HttpReply)}, for what is not in memory as a whole. */
    void send(Exchange exchange, HttpReply start, Download body) {
        RequestInProgress request = inProgress(exchange);
        if (request == null) {
            body.close();
            return;
        }
        OutgoingReply outgoing = OutgoingReply.of(request.head(), start, body, isLast(request));
        over();
        write(outgoing);
    }

    /** The rest of a body that nobody has asked for is not worth reading. */
    private boolean isLast(RequestInProgress request) {
        return request.lacksBody()
                || finishing
                || server.stopping()
                || !request.head().keepsAlive();
    }

    private void over() {
        RequestInProgress request = current;
        current = null;
        if (request != null) {
            request.end();
        }
    }

    private void refuse(RequestRefusedException why) {
        server.counters().malformed.increment();
        RequestInProgress request = current;
        over();
        if (request != null) {
            request.exchange().clientGone();
        }
        write(OutgoingReply.refusal(why));
    }

    private void write(OutgoingReply reply) {
        last = reply.closes();
        deaf |= last;
        output.write(reply.pieces(), reply.download(), client);
    }

    private void sent() {
        since = System.nanoTime();
        busy = false;
        if (last || finishing) {
            leave();
        } else {
            advance();
        }
    }

    // ---------------------------------------------------------------- the end

    private void leave() {
        if (leaving) {
            return;
        }
        leaving = true;
        deaf = true;
        input.clear();
        gate.stopReading(false);
        output.end();
    }

    /** Learns of the end of its socket, at once if it has ended already. */
    void watchSocket() {
        end = SocketEnd.of(connection, this::closed);
    }

    /** The socket has ended. */
    private void closed() {
        deaf = true;
        server.connections().leave(this);
        gate.close();
        RequestInProgress request = current;
        over();
        output.close();
        if (request != null) {
            request.exchange().clientGone();
        }
    }
}
