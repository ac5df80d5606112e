package dev.realtime.testkit.contract;

import java.net.URI;

/** What a server that runs {@link ReferenceApp} counts, asked over a connection of its own. */
final class Figures implements AutoCloseable {
    private final RawWebSocket socket;

    private Figures(RawWebSocket socket) {
        this.socket = socket;
    }

    static Figures of(URI server) {
        RawWebSocket socket = RawWebSocket.open(server, SocketClient.WEBSOCKET);
        SocketClient.opened(socket);
        socket.send("40" + ReferenceApp.FIGURES + ",");
        String connected = socket.text();
        if (!connected.startsWith("40" + ReferenceApp.FIGURES + ",{")) {
            throw new AssertionError("expected CONNECT, but got " + connected);
        }
        return new Figures(socket);
    }

    long gauge(String name) {
        return ask("gauge", name);
    }

    long counter(String name) {
        return ask("counter", name);
    }

    private long ask(String request, String name) {
        socket.send("42" + ReferenceApp.FIGURES + ",1[\"" + request + "\",\"" + name + "\"]");
        String answer = socket.text();
        String prefix = "43" + ReferenceApp.FIGURES + ",1[";
        if (!answer.startsWith(prefix)) {
            throw new AssertionError("expected an acknowledgement, but got " + answer);
        }
        return Long.parseLong(answer.substring(prefix.length(), answer.length() - 1));
    }

    @Override
    public void close() {
        socket.close();
    }
}
