package dev.realtime.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;

/** An HTTP request that is written piece by piece and may never be finished. For one thread at a time. */
final class RawHttp implements AutoCloseable {
    /** The status of a server that closed the connection without an answer. */
    static final int HUNG_UP = 0;

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /** A whole request. */
    static RawHttp send(URI server, String method, String query, String body) {
        RawHttp request = announce(server, method, query, body.getBytes(UTF_8).length);
        request.write(body);
        return request;
    }

    /** The head of a request whose body of this length is written later. */
    static RawHttp announce(URI server, String method, String query, int contentLength) {
        return head(server, method, query, "Content-Length: " + contentLength);
    }

    /** The head of a request whose body is written in chunks. */
    static RawHttp chunked(URI server, String method, String query) {
        return head(server, method, query, "Transfer-Encoding: chunked");
    }

    /** A WebSocket upgrade, whose answer is not waited for. */
    static RawHttp upgrade(URI server, String query) {
        return head(
                server,
                "GET",
                query,
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==");
    }

    private static RawHttp head(URI server, String method, String query, String header) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), Patience.MILLIS);
            socket.setSoTimeout(Patience.MILLIS);
            RawHttp request = new RawHttp(socket);
            request.write(method + " /socket.io/?" + query + " HTTP/1.1\r\nHost: " + server.getAuthority()
                    + "\r\nContent-Type: text/plain;charset=UTF-8\r\n" + header + "\r\n\r\n");
            return request;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void write(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Writes to a server that may have hung up already. */
    @SuppressWarnings("EmptyCatch")
    void tryWrite(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        } catch (IOException hungUp) {
            // the server hung up, which the test reads next
        }
    }

    void tryChunk(String text) {
        tryWrite(Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n");
    }

    /** The status of the response; {@link #HUNG_UP} when there is none. */
    int status() {
        try {
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    return HUNG_UP;
                }
                line.append((char) c);
            }
            return Integer.parseInt(line.toString().split(" ", 3)[1]);
        } catch (SocketTimeoutException nothing) {
            throw new AssertionError("nothing came within " + Patience.LIMIT, nothing);
        } catch (IOException reset) {
            return HUNG_UP;
        }
    }

    /** Breaks the connection with a TCP reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
