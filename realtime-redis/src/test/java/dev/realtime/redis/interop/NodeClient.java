package dev.realtime.redis.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** The official JavaScript client. */
final class NodeClient implements AutoCloseable {
    private final NodeProcess process;
    private String id;

    private NodeClient(NodeProcess process) {
        this.process = process;
    }

    static NodeClient connect(int port, String user) {
        NodeClient client = new NodeClient(NodeProcess.start("client.mjs", "http://127.0.0.1:" + port, user));
        assertThat(client.awaitConnect()).isFalse();
        return client;
    }

    /** Whether the session was recovered. */
    boolean awaitConnect() {
        JsonNode connected = process.next("connected");
        id = connected.get("connected").textValue();
        return connected.get("recovered").booleanValue();
    }

    /** The session's id. */
    String id() {
        return id;
    }

    /** The next event with its arguments, as JSON text. */
    String event() {
        return process.next("event").get("event").toString();
    }

    String disconnected() {
        return process.next("disconnected").get("disconnected").textValue();
    }

    /** Emits an event and waits for the acknowledgement. */
    JsonNode ask(Object... arguments) {
        return process.call("emit", "args", arguments);
    }

    /** Loses its connection without a goodbye. */
    void drop() {
        process.call("drop");
        disconnected();
    }

    /** Comes back at another server, with its session. */
    boolean moveTo(int port) {
        process.call("move", "url", "http://127.0.0.1:" + port);
        return awaitConnect();
    }

    @Override
    public void close() {
        process.close();
    }
}
