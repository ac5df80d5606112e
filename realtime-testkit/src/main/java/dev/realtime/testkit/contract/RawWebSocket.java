package dev.realtime.testkit.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket whose frames are written by hand, so that it can break every rule. No thread of its own: the caller reads, and only
 * then Engine.IO pings are answered. For one thread at a time.
 */
final class RawWebSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;
    static final int COMPRESSED = 0x40;

    /** What stands for a connection that ended without a close frame. */
    static final int NO_CLOSE_FRAME = 1006;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    /** A frame as received. */
    @SuppressWarnings("ArrayRecordComponent") // looked into, never compared
    record Frame(boolean fin, boolean compressed, int opcode, byte[] payload) {}

    /** A message that has arrived; exactly one of the two is there, none when the connection has ended. */
    @SuppressWarnings("ArrayRecordComponent") // looked into, never compared
    private record Message(@Nullable String text, byte @Nullable [] data, int closeCode) {}

    private final Socket socket;
    private final InputStream in;
    private final UpgradeAnswer answer;
    private boolean lastWasCompressed;

    private RawWebSocket(Socket socket, InputStream in, UpgradeAnswer answer) {
        this.socket = socket;
        this.in = in;
        this.answer = answer;
    }

    /** Opens a WebSocket; fails when the server refuses. */
    static RawWebSocket open(URI server, String query, String... headers) {
        RawWebSocket client = attempt(server, query, headers);
        if (client.answer.status() != 101) {
            client.close();
            throw new AssertionError("the upgrade was refused with " + client.answer);
        }
        return client;
    }

    /** Asks for a WebSocket; {@link #answer()} says what came of it. Headers are given as {@code Name: value}. */
    static RawWebSocket attempt(URI server, String query, String... headers) {
        return attempt(server, query, 0, headers);
    }

    /** @param receiveBuffer bytes that the system takes in for a client that does not read; 0 for the system's choice */
    static RawWebSocket attempt(URI server, String query, int receiveBuffer, String... headers) {
        return attempt(server, server.getAuthority(), query, receiveBuffer, headers);
    }

    /** Asks for a WebSocket of a server by another name than the one it is reached by. */
    static RawWebSocket attemptAt(URI server, String host, String query, String... headers) {
        return attempt(server, host, query, 0, headers);
    }

    private static RawWebSocket attempt(URI server, String host, String query, int receiveBuffer, String... headers) {
        try {
            Socket socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), Patience.MILLIS);
            socket.setSoTimeout(Patience.MILLIS);
            StringBuilder request = new StringBuilder()
                    .append("GET /socket.io/?")
                    .append(query)
                    .append(" HTTP/1.1\r\n")
                    .append("Host: ")
                    .append(host)
                    .append("\r\n")
                    .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
                    .append("Sec-WebSocket-Key: ")
                    .append(Base64.getEncoder().encodeToString("0123456789abcdef".getBytes(ISO_8859_1)))
                    .append("\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(ISO_8859_1));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            return new RawWebSocket(socket, in, UpgradeAnswer.read(in));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    UpgradeAnswer answer() {
        return answer;
    }

    /** Whether the message that was read last came compressed. */
    boolean lastWasCompressed() {
        return lastWasCompressed;
    }

    /** The next text message; answers pings of both layers meanwhile. */
    String text() {
        Message message = message();
        if (message.text == null) {
            throw new AssertionError("expected a text message, but got "
                    + (message.data == null ? "the end, code " + message.closeCode : Arrays.toString(message.data)));
        }
        return message.text;
    }

    /** The next binary message. */
    byte[] binary() {
        Message message = message();
        if (message.data == null) {
            throw new AssertionError("expected a binary message, but got "
                    + (message.text == null ? "the end, code " + message.closeCode : message.text));
        }
        return message.data;
    }

    /** The next message, a {@code String} or a {@code byte[]}. */
    Object next() {
        Message message = message();
        if (message.text != null) {
            return message.text;
        }
        if (message.data != null) {
            return message.data;
        }
        throw new AssertionError("expected a message, but got the end, code " + message.closeCode);
    }

    /** Reads to the end of the connection, whatever comes before, and returns the close code. */
    int closed() {
        for (Message message = message(); ; message = message()) {
            if (message.text == null && message.data == null) {
                return message.closeCode;
            }
        }
    }

    /**
     * Reads to the end of the connection after a frame that no server accepts. Its close frame need not be whole: Tomcat leaves out the
     * two bytes of its head now and then.
     */
    @SuppressWarnings("EmptyCatch")
    void refused() {
        try {
            closed();
        } catch (NotAFrame closeFrameWithoutItsHead) {
            // the server says nothing that could be taken for something else
        }
    }

    /** Reads to the end of the connection or to a packet that ends the session in the main namespace. */
    void ended() {
        for (Message message = message(); ; message = message()) {
            if ((message.text == null && message.data == null) || "41".equals(message.text)) {
                return;
            }
        }
    }

    private Message message() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int opcode = CONTINUATION;
        boolean compressed = false;
        while (true) {
            Frame frame = frame();
            if (frame == null) {
                return new Message(null, null, NO_CLOSE_FRAME);
            }
            if (frame.opcode == CLOSE) {
                byte[] reason = frame.payload;
                trySend(FIN | CLOSE, reason);
                return new Message(null, null, reason.length < 2 ? 1005 : (reason[0] & 0xff) << 8 | (reason[1] & 0xff));
            }
            if (frame.opcode == PING) {
                trySend(FIN | PONG, frame.payload);
            } else if (frame.opcode != PONG) {
                if (frame.opcode != CONTINUATION) {
                    opcode = frame.opcode;
                    compressed = frame.compressed;
                }
                whole.writeBytes(frame.payload);
                if (frame.fin) {
                    byte[] data = compressed ? inflate(whole.toByteArray()) : whole.toByteArray();
                    lastWasCompressed = compressed;
                    if (opcode == BINARY) {
                        return new Message(null, data, 0);
                    }
                    String text = new String(data, UTF_8);
                    if (!text.equals("2")) {
                        return new Message(text, null, 0);
                    }
                    trySend(FIN | TEXT, new byte[] {'3'});
                    whole.reset();
                }
            }
        }
    }

    /** The next frame of any kind, nothing answered; null at the end of the connection. */
    @Nullable
    Frame frame() {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int second = need(in.read());
            if ((second & 0x80) != 0) {
                throw new NotAFrame(first, second);
            }
            long length = second & 0x7f;
            int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (extended > 0) {
                length = 0;
                for (int i = 0; i < extended; i++) {
                    length = length << 8 | need(in.read());
                }
            }
            byte[] payload = in.readNBytes(Math.toIntExact(length));
            if (payload.length < length) {
                return null;
            }
            return new Frame((first & FIN) != 0, (first & COMPRESSED) != 0, first & 0x0f, payload);
        } catch (SocketTimeoutException nothing) {
            throw new AssertionError("nothing came within " + Patience.LIMIT, nothing);
        } catch (IOException reset) {
            return null;
        }
    }

    void send(String text) {
        send(FIN | TEXT, text.getBytes(UTF_8));
    }

    void send(byte[] data) {
        send(FIN | BINARY, data);
    }

    /** Sends one masked frame. */
    void send(int firstByte, byte[] payload) {
        write(encode(firstByte, payload));
    }

    /** As {@link #send}, for a server that may have hung up already. */
    void trySend(int firstByte, byte[] payload) {
        tryWrite(encode(firstByte, payload));
    }

    /** As {@link #send(String)}, for a server that may have hung up already. */
    void trySend(String text) {
        trySend(FIN | TEXT, text.getBytes(UTF_8));
    }

    /** Waits until the server has read everything that was sent. Only where no message is on its way. */
    void roundTrip() {
        send(FIN | PING, new byte[] {1});
        Frame frame = frame();
        if (frame == null || frame.opcode != PONG) {
            throw new AssertionError("expected a pong, but got " + frame);
        }
    }

    /** Writes bytes as they are. */
    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @SuppressWarnings("EmptyCatch")
    void tryWrite(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException hungUp) {
            // the server hung up, which the test reads next
        }
    }

    /** A masked frame as bytes. */
    static byte[] encode(int firstByte, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write(firstByte);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i & 3]);
        }
        return out.toByteArray();
    }

    /** Breaks the connection with a TCP reset, as a crash or a cut cable's router does. */
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

    private static byte[] inflate(byte[] compressed) {
        byte[] tail = {0, 0, (byte) 0xff, (byte) 0xff};
        byte[] all = Arrays.copyOf(compressed, compressed.length + tail.length);
        System.arraycopy(tail, 0, all, compressed.length, tail.length);
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(all);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] piece = new byte[8192];
            for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
                out.write(piece, 0, n);
            }
            return out.toByteArray();
        } catch (DataFormatException broken) {
            throw new AssertionError("the server sent a message that does not inflate", broken);
        } finally {
            inflater.end();
        }
    }

    private static int need(int read) throws IOException {
        if (read < 0) {
            throw new EOFException("the server hung up");
        }
        return read;
    }

    /** What came is no frame of a server. */
    private static final class NotAFrame extends AssertionError {
        private static final long serialVersionUID = 1;

        NotAFrame(int first, int second) {
            super("a server must not mask its frames, but one begins with %02x %02x".formatted(first, second));
        }
    }
}
