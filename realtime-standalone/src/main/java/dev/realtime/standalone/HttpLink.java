package dev.realtime.standalone;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection while it speaks HTTP/1.1: requests come one after another, each is answered before the next is looked at. What is sent
 * ahead waits, a little of it here and the rest with the kernel. Everything runs on the connection's selector thread, but what says
 * otherwise.
 */
final class HttpLink implements dev.realtime.spi.Connection.WriteListener {
    /** Bytes of following requests that are kept before reading stops. */
    private static final int AHEAD = 16_384;

    /** What a client that has been sent everything has for hanging up when the server stops. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(HttpLink.class);

    private final TCPNIOConnection connection;
    private final SocketWriter writer;
    private final HttpServer server;
    private final String address;
    private final boolean secure;
    private final HeadScanner scanner;

    private byte[] input = new byte[0];
    private int start;
    private boolean advancing;
    private boolean readingStopped;
    private boolean deaf; // nothing more is taken in
    private boolean writing;
    private boolean last; // the reply that is being written is
    private boolean leaving;
    private @Nullable Exchange current;
    private @Nullable RequestHead head;
    private @Nullable BodyDecoder decoder;
    private @Nullable BodyCollector collector;
    private @Nullable Download download;
    private InboundBudget.@Nullable Share ahead; // requests that wait for their turn
    private InboundBudget.@Nullable Share unread; // of a reply that is not taken at once
    private boolean heavy; // a body took long
    private boolean resting;
    private String client; // who has sent the latest request, perhaps through a proxy
    private volatile boolean finishing;
    private volatile boolean busy;
    private volatile long since = System.nanoTime();

    HttpLink(TCPNIOConnection connection, SocketWriter writer, boolean secure, HttpServer server) {
        this.connection = connection;
        this.writer = writer;
        this.server = server;
        this.secure = secure;
        this.address = address(connection.getPeerAddress());
        this.client = address;
        this.scanner = new HeadScanner(server.options().maxHeaderBytes());
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
            Exchange held = current;
            if (held != null) {
                held.giveUp();
            } else if (leaving) {
                endSoon(); // it was given longer while the server was not stopping
            } else if (!writing) {
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
        int kept = input.length - start;
        byte[] joined = new byte[kept + length];
        System.arraycopy(input, start, joined, 0, kept);
        System.arraycopy(bytes, 0, joined, kept, length);
        input = joined;
        start = 0;
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
            while (more && !deaf && start < input.length) {
                more = current != null ? body() : !writing && request();
            }
        } catch (RequestRefusedException e) {
            refuse(e);
        } finally {
            advancing = false;
        }
        if (deaf || start == input.length) {
            input = new byte[0];
            start = 0;
        }
        if (!deaf && connection.isOpen()) {
            stopReading(input.length - start > AHEAD && (current != null || writing || resting));
            countAhead();
        }
    }

    /** Requests that wait for their turn are on the account of the node, as whatever arrives. */
    private void countAhead() {
        boolean bodyWaits = decoder != null && !decoder.isDone();
        int waiting = (current != null && !bodyWaits) || writing || resting ? input.length : 0;
        InboundBudget.Share mine = ahead;
        if (mine == null) {
            if (waiting <= InboundBudget.FREE) {
                return;
            }
            mine = server.inbound().share(InboundBudget.Use.ARRIVING, client);
            ahead = mine;
        }
        if (!mine.hold(waiting)) {
            terminate();
        } else if (waiting == 0) {
            ahead = null; // the next may be another client's
        }
    }

    private boolean request() throws RequestRefusedException {
        while (input[start] == '\r') { // RFC 9112 section 2.2: some send an empty line behind a body
            if (start + 1 == input.length) {
                return false; // what it is the next byte tells
            }
            if (input[start + 1] != '\n') {
                break; // the scanner refuses it
            }
            start += 2;
            if (start == input.length) {
                return false;
            }
        }
        if (rests()) {
            return false;
        }
        int end = scanner.scan(input, start, input.length);
        if (end < 0) {
            return false;
        }
        scanner.reset();
        RequestHead next = HeadParser.parse(input, start);
        start = end;
        begin(next);
        return true;
    }

    /** Whether others come first, since this client has had much done. */
    private boolean rests() {
        if (resting) {
            return true;
        }
        Duration rest = server.heavy().rest(client, heavy);
        if (rest.isZero()) {
            return false;
        }
        resting = true;
        server.deadlines()
                .after(
                        rest,
                        () -> run(() -> {
                            resting = false;
                            advance();
                        }));
        return true;
    }

    private void begin(RequestHead next) {
        busy = true;
        server.counters().requests.increment();
        head = next;
        decoder = next.hasBody() ? BodyDecoder.of(next, server.options().maxHeaderBytes()) : null;
        ClientAddress sender = server.options().proxies().client(next.headers(), address, secure);
        client = sender.address();
        if (!sender.known()) {
            server.counters().unknownClients.increment();
        }
        Exchange exchange = new Exchange(this, server, RequestViews.of(next, sender), Math.max(0, next.length()));
        current = exchange;
        if (next.offersWebSocket()) {
            HttpReply refused = server.upgrades().attempt(this, next, exchange.request(), start < input.length);
            if (refused == null) {
                deaf = true; // it is a WebSocket from now on
                current = null;
                server.links().leave(this);
            } else {
                exchange.reply(refused);
            }
        } else {
            server.front().service(exchange);
        }
    }

    // ---------------------------------------------------------------- the body

    /** An exchange wants its body, whatever of it has come so far. */
    void collect(Exchange exchange, BodyCollector into) {
        RequestHead asked = head;
        if (exchange != current || asked == null) {
            into.fail(new IOException("client is gone"));
            return;
        }
        if (decoder == null) {
            into.complete();
            return;
        }
        collector = into;
        if (asked.expectsContinue() && start == input.length && !writing) {
            var unused = writer.write(List.of(ReplyHead.CONTINUE), new Interim());
        }
        advance();
    }

    private boolean body() throws RequestRefusedException {
        BodyDecoder reading = decoder;
        BodyCollector into = collector;
        if (reading == null || into == null || reading.isDone()) {
            return false;
        }
        int before = start;
        start = reading.read(input, start, input.length, into);
        if (reading.isDone()) {
            long since = server.heavy().begin();
            into.complete();
            heavy |= server.heavy().done(client, since);
        } else if (into.waits()) {
            server.deadlines().after(HttpServer.RETRY, () -> run(this::advance));
            return false;
        }
        return start > before;
    }

    // ---------------------------------------------------------------- what goes out

    /** Answers the request that is being worked on; anything else comes too late. */
    void send(Exchange exchange, HttpReply reply) {
        RequestHead asked = head;
        if (exchange != current || asked == null) {
            return;
        }
        boolean closes = isLast(asked);
        byte[] first;
        try {
            first = ReplyHead.of(reply.status(), reply.headers(), reply.body().length, closes);
        } catch (IllegalArgumentException e) {
            server.lines().error(LOG, AddressKey.of(exchange.request().remoteAddress()), "a reply cannot be sent", e);
            send(exchange, JsonReplies.error(500, "internal error"));
            return;
        }
        over();
        write(ReplyHead.carriesBody(reply, asked.method()) ? List.of(first, reply.body()) : List.of(first), closes);
    }

    /** As {@link #send}, for what is not in memory as a whole. */
    void send(Exchange exchange, HttpReply start, Download body) {
        RequestHead asked = head;
        if (exchange != current || asked == null) {
            body.close();
            return;
        }
        boolean closes = isLast(asked);
        byte[] first = ReplyHead.of(start.status(), start.headers(), body.length(), closes);
        over();
        if (asked.method().equals("HEAD")) {
            body.close();
        } else {
            download = body;
        }
        write(List.of(first), closes);
    }

    private boolean isLast(RequestHead asked) {
        BodyDecoder reading = decoder;
        boolean unread = reading != null && !reading.isDone(); // the rest of the body is not worth reading
        return unread || finishing || server.stopping() || !asked.keepsAlive();
    }

    private void over() {
        BodyCollector open = collector;
        current = null;
        head = null;
        decoder = null;
        collector = null;
        if (open != null) {
            open.fail(new IOException("answered before the body had come"));
        }
    }

    private void refuse(RequestRefusedException why) {
        server.counters().malformed.increment();
        Exchange held = current;
        over();
        if (held != null) {
            held.clientGone();
        }
        HttpReply reply = JsonReplies.error(why.status(), why.reason());
        write(List.of(ReplyHead.of(reply.status(), reply.headers(), reply.body().length, true), reply.body()), true);
    }

    private void write(List<byte[]> pieces, boolean closes) {
        last = closes;
        deaf |= closes;
        writing = true;
        put(pieces);
    }

    /** What the client does not take at once is on the account of the node. */
    private void put(List<byte[]> pieces) {
        if (writer.write(pieces, this)) {
            sent();
        } else if (hold(connection.getAsyncWriteQueue().spaceInBytes())) {
            watch();
        } else {
            server.counters().stalled.increment();
            terminate();
        }
    }

    private boolean hold(int bytes) {
        if (bytes <= InboundBudget.FREE) {
            return true;
        }
        InboundBudget.Share mine = server.inbound().share(InboundBudget.Use.UNREAD, client);
        unread = mine;
        return mine.hold(bytes);
    }

    private void taken() {
        InboundBudget.Share mine = unread;
        if (mine != null) {
            mine.close();
            unread = null;
        }
    }

    @Override
    public void written() {
        run(this::sent);
    }

    @Override
    public void failed(Throwable cause) {
        terminate();
    }

    private void sent() {
        taken();
        Download more = download;
        if (more != null) {
            more.next(this::piece, this::terminate);
            return;
        }
        writing = false;
        since = System.nanoTime();
        busy = false;
        if (last || finishing) {
            leave();
        } else {
            advance();
        }
    }

    /** The next part of a download; empty when it is over. */
    private void piece(byte[] bytes) {
        run(() -> {
            if (bytes.length == 0) {
                download = null;
                sent();
            } else {
                put(List.of(bytes));
            }
        });
    }

    // ---------------------------------------------------------------- the end

    /**
     * Our direction ends. What the client still sends is thrown away, so that it can read its reply instead of meeting a reset, until it
     * leaves or has taken too long; then the socket is reset, whatever the kernel still holds. A server that stops waits for {@link #LINGER}
     * at most: many clients never leave by themselves.
     */
    private void leave() {
        if (leaving) {
            return;
        }
        leaving = true;
        deaf = true;
        input = new byte[0];
        start = 0;
        stopReading(false);
        writer.end();
        if (server.stopping()) {
            endSoon();
        } else {
            server.deadlines().after(server.patience(), this::terminate);
        }
    }

    private void endSoon() {
        Duration patience = server.patience();
        server.deadlines().after(LINGER.compareTo(patience) < 0 ? LINGER : patience, this::terminate);
    }

    /** Ends a client that does not read its reply: nothing taken for a whole period, and the socket is gone. */
    private void watch() {
        int waiting = connection.getAsyncWriteQueue().spaceInBytes();
        server.deadlines().after(server.patience(), () -> {
            int still = connection.getAsyncWriteQueue().spaceInBytes();
            if (still > 0 && connection.isOpen()) {
                if (still >= waiting) {
                    server.counters().stalled.increment();
                    terminate();
                } else {
                    watch();
                }
            }
        });
    }

    /** The socket has ended. */
    void closed() {
        deaf = true;
        server.links().leave(this);
        taken();
        InboundBudget.Share waiting = ahead;
        if (waiting != null) {
            waiting.close();
        }
        Exchange held = current;
        over();
        Download open = download;
        if (open != null) {
            open.close();
        }
        if (held != null) {
            held.clientGone();
        }
    }

    private void stopReading(boolean stop) {
        if (stop == readingStopped) {
            return;
        }
        readingStopped = stop;
        try {
            if (stop) {
                connection.disableIOEvent(IOEvent.READ);
            } else {
                connection.enableIOEvent(IOEvent.READ);
            }
        } catch (IOException e) {
            terminate();
        }
    }

    /** "100 Continue" is no reply; that it did not get through shows elsewhere. */
    private static final class Interim implements dev.realtime.spi.Connection.WriteListener {
        @Override
        public void written() {}

        @Override
        public void failed(Throwable cause) {}
    }
}
