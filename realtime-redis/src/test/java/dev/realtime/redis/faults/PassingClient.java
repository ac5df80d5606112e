package dev.realtime.redis.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that comes and goes, over a socket of its own, for one thread: many of them are cheap. */
final class PassingClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int FIN_TEXT = 0x81;
    private static final int MASKED = 0x80;

    private final Socket socket = new Socket();
    private final InputStream in;

    /** Opens a WebSocket and hears who it is. */
    PassingClient(int port) throws IOException {
        this(port, "websocket");
        String open = text();
        if (!open.startsWith("0{")) {
            throw new IOException("expected to be told who it is, but heard " + open);
        }
    }

    private PassingClient(int port, String transport) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        String upgrade = transport.equals("polling")
                ? "Connection: close\r\n\r\n"
                : "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n";
        socket.getOutputStream()
                .write(("GET /socket.io/?EIO=4&transport=" + transport + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n"
                                + upgrade)
                        .getBytes(ISO_8859_1));
        String status = line();
        while (!line().isEmpty()) {
            // headers
        }
        if (!status.contains(transport.equals("polling") ? " 200" : " 101")) {
            throw new IOException("the server answered " + status);
        }
    }

    /** Begins to poll, and is never heard of again. */
    static void abandonedPoll(int port) throws IOException {
        new PassingClient(port, "polling").close();
    }

    void send(String packet) throws IOException {
        byte[] bytes = packet.getBytes(UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(FIN_TEXT);
        if (bytes.length < 126) {
            frame.write(MASKED | bytes.length);
        } else {
            frame.write(MASKED | 126);
            frame.write(bytes.length >> 8);
            frame.write(bytes.length);
        }
        frame.writeBytes(new byte[4]); // a mask that changes nothing
        frame.writeBytes(bytes);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** Reads to a packet that begins so, and answers pings meanwhile. */
    String awaitText(String beginning) throws IOException {
        while (true) {
            String text = text();
            if (text.startsWith(beginning)) {
                return text;
            }
            if (text.equals("2")) {
                send("3");
            }
        }
    }

    private String text() throws IOException {
        int opcode = byteOf();
        int length = byteOf();
        if (length == 126) {
            length = byteOf() << 8 | byteOf();
        } else if (length == 127) {
            throw new IOException("a frame larger than these tests have");
        }
        byte[] payload = in.readNBytes(length);
        if ((opcode & 0x0f) == 8) {
            throw new IOException("the server closed the connection");
        }
        return new String(payload, UTF_8);
    }

    private int byteOf() throws IOException {
        int one = in.read();
        if (one < 0) {
            throw new IOException("the server is gone");
        }
        return one;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int one = byteOf(); one != '\n'; one = byteOf()) {
            if (one != '\r') {
                line.append((char) one);
            }
        }
        return line.toString();
    }

    /** Without a word of goodbye. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
