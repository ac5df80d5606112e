package dev.realtime.standalone;

import dev.realtime.Event;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One client of a {@link WarmUp}: it connects as the official clients do over a WebSocket, asks one question and leaves. */
final class WarmUpClient implements AutoCloseable {
    /** What the server tells everybody when it is asked. */
    static final Event<String> HEARD = Event.of("heard", String.class);

    private static final int PATIENCE_MILLIS =
            10_000; // of the first client, on a JVM that has just begun and a part of a core
    private static final int MASKED = 0x80;
    private static final String HANDSHAKE = String.join(
            "\r\n",
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            "Host: localhost",
            "User-Agent: warm-up",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "",
            "");

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private WarmUpClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** @throws IOException if the server does not answer as it should */
    static void visit(int port) throws IOException {
        try (WarmUpClient client = new WarmUpClient(port)) {
            client.out.write(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            client.skipHead();
            client.expect("0{");
            client.send("40");
            client.expect("40{");
            client.send("420[\"echo\",\"hello\"]");
            client.expect("42[\"heard\"", "430[");
            client.expect("42[\"heard\"", "430[");
            client.send("41");
        }
    }

    private void skipHead() throws IOException {
        int ends = 0; // CR and LF in a row
        while (ends < 4) {
            int next = in.readUnsignedByte();
            ends = next == '\r' || next == '\n' ? ends + 1 : 0;
        }
    }

    private void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[6 + payload.length]; // a mask of zeros
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (MASKED | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        out.write(frame);
    }

    private void expect(String... beginnings) throws IOException {
        String text = text();
        for (String beginning : beginnings) {
            if (text.startsWith(beginning)) {
                return;
            }
        }
        throw new IOException("unexpected: " + text);
    }

    private String text() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (first != 0x81 || length > 126) {
            throw new IOException("unexpected frame");
        }
        byte[] payload = new byte[length < 126 ? length : in.readUnsignedShort()];
        if (in.readNBytes(payload, 0, payload.length) < payload.length) {
            throw new EOFException();
        }
        return new String(payload, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
