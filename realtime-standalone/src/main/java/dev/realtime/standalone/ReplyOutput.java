package dev.realtime.standalone;

import dev.realtime.spi.Connection;
import dev.realtime.spi.InboundBudget;
import java.time.Duration;
import java.util.List;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.jspecify.annotations.Nullable;

/**
 * The reply that is on its way to an HTTP client. What the client does not take at once is on the account of the node, and a client that
 * takes nothing for as long as the server is patient is let go. Runs on the connection's selector thread.
 */
final class ReplyOutput implements Connection.WriteListener {
    /** What a client that has been sent everything has for hanging up when the server stops. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final TCPNIOConnection connection;
    private final SocketWriter writer;
    private final HttpServer server;
    private final Runnable sent;
    private String client = "";
    private boolean writing;
    private @Nullable Download download;
    private InboundBudget.@Nullable Share unread;
    private int piece; // of all that were written, the one that is on its way
    private DeadlineTimer.@Nullable Deadline watch; // over it, while the client does not take it
    private DeadlineTimer.@Nullable Deadline farewell; // once our direction has ended

    /** @param sent runs whenever a reply has left as a whole */
    ReplyOutput(TCPNIOConnection connection, SocketWriter writer, HttpServer server, Runnable sent) {
        this.connection = connection;
        this.writer = writer;
        this.server = server;
        this.sent = sent;
    }

    boolean isWriting() {
        return writing;
    }

    /**
     * Begins a reply.
     *
     * @param more what follows the pieces; null for nothing
     * @param to the client's address
     */
    void write(List<byte[]> pieces, @Nullable Download more, String to) {
        client = to;
        download = more;
        writing = true;
        put(pieces);
    }

    /** "100 Continue" is no reply; that it did not get through shows elsewhere. */
    void sayContinue() {
        var unused = writer.write(List.of(ReplyHead.CONTINUE), new Interim());
    }

    private void put(List<byte[]> pieces) {
        if (writer.write(pieces, this)) {
            piecesSent();
        } else if (unread != null || hold(connection.getAsyncWriteQueue().spaceInBytes())) {
            watch();
        } else {
            stalled();
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

    private void giveBack() {
        InboundBudget.Share mine = unread;
        if (mine != null) {
            mine.close();
            unread = null;
        }
    }

    @Override
    public void written() {
        SelectorThread.run(connection, this::piecesSent);
    }

    @Override
    public void failed(Throwable cause) {
        connection.terminateSilently();
    }

    private void piecesSent() {
        unwatch();
        giveBack();
        Download more = download;
        if (more == null) {
            writing = false;
            sent.run();
        } else {
            readOn(more, System.nanoTime());
        }
    }

    /**
     * Reads the next part of a download when there is room for it. Until then it waits: others of this client's address, who do not take theirs,
     * are let go in the end.
     */
    private void readOn(Download more, long since) {
        if (!connection.isOpen()) {
            return;
        }
        if (hold(Download.PIECE)) {
            more.next(this::nextPiece, connection::terminateSilently);
        } else if (System.nanoTime() - since > server.patience().toNanos()) {
            stalled();
        } else {
            server.deadlines().after(HttpServer.RETRY, () -> SelectorThread.run(connection, () -> readOn(more, since)));
        }
    }

    /** The next part of a download; empty when it is over. */
    private void nextPiece(byte[] bytes) {
        SelectorThread.run(connection, () -> {
            if (bytes.length == 0) {
                download = null;
                piecesSent();
            } else {
                put(List.of(bytes));
            }
        });
    }

    /** Ends a client that does not read its reply: nothing taken for a whole period, and the socket is gone. */
    private void watch() {
        int watched = piece;
        int waiting = connection.getAsyncWriteQueue().spaceInBytes();
        watch = server.deadlines()
                .after(
                        server.patience(),
                        () -> SelectorThread.run(connection, () -> {
                            if (watched == piece && connection.isOpen()) {
                                look(waiting);
                            }
                        }));
    }

    private void look(int before) {
        int still = connection.getAsyncWriteQueue().spaceInBytes();
        if (still >= before) {
            stalled();
        } else if (still > 0) {
            watch();
        }
    }

    private void unwatch() {
        piece++;
        DeadlineTimer.Deadline running = watch;
        if (running != null) {
            running.cancel();
            watch = null;
        }
    }

    private void stalled() {
        server.counters().stalled.increment();
        connection.terminateSilently();
    }

    /**
     * Our direction ends. What the client still sends is thrown away, so that it can read its reply instead of meeting a reset, until it
     * leaves or has taken too long; then the socket is reset, whatever the kernel still holds. A server that stops waits for {@link #LINGER}
     * at most: many clients never leave by themselves.
     */
    void end() {
        writer.end();
        if (server.stopping()) {
            endSoon();
        } else {
            endWithin(server.patience());
        }
    }

    /** The server stops, and does not wait longer for a client that has been sent everything. */
    void endSoon() {
        Duration patience = server.patience();
        endWithin(LINGER.compareTo(patience) < 0 ? LINGER : patience);
    }

    /** A deadline that outlived its socket would keep all that the connection has, with TLS tens of kilobytes, while thousands come and go. */
    private void endWithin(Duration longest) {
        stopWaiting();
        if (connection.isOpen()) {
            farewell = server.deadlines().after(longest, connection::terminateSilently);
        }
    }

    private void stopWaiting() {
        DeadlineTimer.Deadline running = farewell;
        if (running != null) {
            running.cancel();
            farewell = null;
        }
    }

    /** The socket has ended. */
    void close() {
        unwatch();
        stopWaiting();
        giveBack();
        Download open = download;
        if (open != null) {
            open.close();
        }
    }

    private static final class Interim implements Connection.WriteListener {
        @Override
        public void written() {}

        @Override
        public void failed(Throwable cause) {}
    }
}
