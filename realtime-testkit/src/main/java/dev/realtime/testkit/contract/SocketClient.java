package dev.realtime.testkit.contract;

import java.net.URI;

/** A Socket.IO client on a {@link RawWebSocket}, already in the main namespace of the reference application. */
final class SocketClient implements AutoCloseable {
    static final String WEBSOCKET = "EIO=4&transport=websocket";

    private final RawWebSocket socket;
    private final String id;

    private SocketClient(RawWebSocket socket, String id) {
        this.socket = socket;
        this.id = id;
    }

    static SocketClient connect(URI server) {
        return connect(RawWebSocket.open(server, WEBSOCKET));
    }

    /** Takes a WebSocket that nothing was read from. */
    static SocketClient connect(RawWebSocket socket) {
        opened(socket);
        return new SocketClient(socket, join(socket, "/", ""));
    }

    /** Reads the handshake of a fresh WebSocket. */
    static String opened(RawWebSocket socket) {
        String open = socket.text();
        if (!open.startsWith("0{")) {
            throw new AssertionError("expected the open packet, but got " + open);
        }
        return open;
    }

    /** Joins a namespace and returns the session's id. */
    static String join(RawWebSocket socket, String namespace, String auth) {
        String prefix = namespace.equals("/") ? "" : namespace + ",";
        socket.send("40" + prefix + auth);
        String connected = socket.text();
        if (!connected.startsWith("40" + prefix + "{")) {
            throw new AssertionError("expected CONNECT, but got " + connected);
        }
        String event = socket.text();
        if (!event.startsWith("42" + prefix + "[\"auth\"")) {
            throw new AssertionError("expected the auth event, but got " + event);
        }
        return FlatJson.text(connected, "sid");
    }

    RawWebSocket socket() {
        return socket;
    }

    /** The session's id. */
    String id() {
        return id;
    }

    /** Sends an event and reads its echo: the session works. */
    void echoes(String argument) {
        socket.send("42[\"message\",\"" + argument + "\"]");
        String echo = socket.text();
        if (!echo.equals("42[\"message-back\",\"" + argument + "\"]")) {
            throw new AssertionError("expected the echo of " + argument + ", but got " + echo);
        }
    }

    /** Whether the server has a connected session of this id. */
    boolean present(String session) {
        socket.send("421[\"present\",\"" + session + "\"]");
        String answer = socket.text();
        if (!answer.startsWith("431[")) {
            throw new AssertionError("expected an acknowledgement, but got " + answer);
        }
        return answer.equals("431[true]");
    }

    @Override
    public void close() {
        socket.close();
    }
}
