package dev.realtime.jakarta;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that does exactly what it is told: sends what no library would, reads nothing, does not answer. */
final class RawClient implements AutoCloseable {
    static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final String host;

    /** With a receive buffer so small that a stalled reader stalls the server soon. */
    RawClient(URI server) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        socket.setSoTimeout(30_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        host = server.getAuthority();
    }

    static RawClient webSocket(URI server) throws IOException {
        RawClient client = new RawClient(server);
        Response response = client.request("GET", "/socket.io/?EIO=4&transport=websocket", UPGRADE, "");
        if (response.status() != 101) {
            throw new IOException("not upgraded: " + response);
        }
        return client;
    }

    Response request(String method, String target, String headers, String body) throws IOException {
        send(method, target, headers, body);
        return response(method);
    }

    void send(String method, String target, String headers, String body) throws IOException {
        write(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n" + body);
    }

    void write(String latin1) throws IOException {
        out.write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** A frame from the client, masked with zeros. */
    void frame(int firstByte, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(firstByte);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >> shift));
            }
        }
        frame.write(new byte[4]);
        frame.write(payload);
        out.write(frame.toByteArray());
        out.flush();
    }

    Response response(String method) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String text = head.toString();
        int status = Integer.parseInt(text.split(" ", 3)[1].trim());
        String length = Response.header(text, "content-length");
        boolean bodiless = status == 101 || status == 204 || method.equals("HEAD") || length == null;
        return new Response(
                status,
                text,
                bodiless ? "" : new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8));
    }

    /** The next frame from the server. */
    Frame frame() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame(first, in.readNBytes((int) length));
    }

    /** Reads to the end of the stream, however it ends, and says how many bytes there were. */
    long drain() {
        byte[] chunk = new byte[64 * 1024];
        long total = 0;
        try {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                total += read;
            }
        } catch (EOFException end) {
            return total;
        } catch (java.net.SocketTimeoutException open) {
            throw new AssertionError("the server did not close the socket, " + total + " bytes came", open);
        } catch (IOException reset) {
            return total;
        }
        return total;
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    record Frame(int firstByte, byte[] payload) {
        int opcode() {
            return firstByte & 0x0f;
        }

        int closeCode() {
            return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }
    }

    record Response(int status, String head, String body) {
        String header(String name) {
            return header(head, name);
        }

        private static String header(String head, String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst()
                    .orElse(null);
        }
    }
}
