package dev.realtime.benchmarks.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * A WebSocket that does what it is told, whatever a server may think of it. One thread may read while another one writes. Engine.IO pings are
 * answered only while something is read.
 */
final class WireClient implements AutoCloseable {
    private static final int FIN = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    private WireClient(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    static WireClient open(Dialer dialer) throws IOException {
        Socket socket = new Socket();
        try {
            if (dialer.receiveBuffer() > 0) {
                socket.setReceiveBufferSize(dialer.receiveBuffer());
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(InetAddress.getByName(dialer.from()), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), dialer.port()), PATIENCE_MILLIS);
            WireClient client = new WireClient(socket);
            client.upgrade(dialer);
            return client;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void upgrade(Dialer dialer) throws IOException {
        String extensions = dialer.compressed()
                ? "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover\r\n"
                : "";
        write(("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:" + dialer.port()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n" + extensions + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("refused: " + head.substring(0, head.indexOf("\r\n")));
        }
    }

    void send(String text) throws IOException {
        frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] data) throws IOException {
        frame(FIN | BINARY, data);
    }

    /** A message whose end never comes. */
    void begin(byte[] start) throws IOException {
        frame(BINARY, start);
    }

    /** A text that {@link #deflate} made small. */
    void sendDeflated(byte[] deflated) throws IOException {
        frame(FIN | COMPRESSED | TEXT, deflated);
    }

    /** A text as permessage-deflate has it. */
    static byte[] deflate(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, deflater, 8_192, true)) {
            deflating.write(text.getBytes(StandardCharsets.UTF_8));
            deflating.flush();
            int length = out.size() - 4; // the marker of the flush is not sent
            return ByteBuffer.allocate(length).put(out.toByteArray(), 0, length).array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
    }

    private void frame(int head, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0); // a mask that changes nothing: the generator shall not be what is measured
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        write(bytes);
    }

    private synchronized void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next text message other than a ping, which it answers; what is binary comes as an empty one. */
    String read() throws IOException {
        while (true) {
            int head = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = new byte[Math.toIntExact(size)];
            in.readFully(payload);
            switch (head & 0x0f) {
                case TEXT -> {
                    String text = (head & COMPRESSED) != 0 ? "" : new String(payload, StandardCharsets.UTF_8);
                    if (!text.equals("2")) {
                        return text;
                    }
                    send("3");
                }
                case BINARY -> {
                    return "";
                }
                case CLOSE -> throw new EOFException("closed by the server");
                default -> {}
            }
        }
    }

    /** The next message that begins like this; those before it are lost. */
    String await(String start) throws IOException {
        String text = read();
        while (!text.startsWith(start)) {
            if (text.startsWith("44")) {
                throw new IOException("refused: " + text);
            }
            text = read();
        }
        return text;
    }

    /** Reads until the connection ends. */
    void readAll() {
        try {
            while (true) {
                read();
            }
        } catch (IOException e) {
            close();
        }
    }

    /** Hangs up, without a goodbye. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
