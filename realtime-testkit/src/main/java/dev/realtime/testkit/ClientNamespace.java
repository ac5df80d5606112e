package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of Socket.IO v5 in one namespace: what it sends and keeps, and what becomes of what it receives. Not thread-safe.
 */
final class ClientNamespace {
    private final ClientManager manager;
    private final String name;
    private final TestClient client;
    private final Map<String, Object> auth;
    private final RecoveryState recovery = new RecoveryState();
    private final ReceivedEvents events = new ReceivedEvents();
    private final PendingReplies replies = new PendingReplies();
    private final ClientAnswers answers;
    private final List<ClientPacket> early = new ArrayList<>(); // events before the answer to the CONNECT
    private ClientWatcher watcher = new ClientWatcher() {};
    private @Nullable String id;
    private @Nullable ConnectError connectError;
    private String disconnectReason = "";
    private boolean active;
    private boolean connected;

    /** @param client whom the watcher is told of */
    ClientNamespace(ClientManager manager, String name, Map<String, Object> auth, TestClient client) {
        this.manager = manager;
        this.name = name;
        this.client = client;
        this.auth = new LinkedHashMap<>(auth);
        this.answers = new ClientAnswers(manager.json());
    }

    String name() {
        return name;
    }

    /** What the next CONNECT carries, to be changed at will. */
    Map<String, Object> auth() {
        return auth;
    }

    RecoveryState recovery() {
        return recovery;
    }

    ReceivedEvents events() {
        return events;
    }

    ClientAnswers answers() {
        return answers;
    }

    void watch(ClientWatcher newWatcher) {
        watcher = newWatcher;
    }

    /** The session's id; that of the last session after the end; null before the first. */
    @Nullable
    String id() {
        return id;
    }

    /** Why the namespace has refused the client; null if it has not. */
    @Nullable
    ConnectError connectError() {
        return connectError;
    }

    /** In the words of the official client; empty while it was never disconnected. */
    String disconnectReason() {
        return disconnectReason;
    }

    /** Whether it wants to be connected. */
    boolean isActive() {
        return active;
    }

    boolean isConnected() {
        return connected;
    }

    /** From now on it wants to be connected. */
    void activate() {
        active = true;
        connectError = null;
    }

    /** Leaves. */
    void disconnect() {
        if (connected) {
            send(ClientPacket.DISCONNECT, null, MissingNode.getInstance());
        }
        active = false;
        ended("io client disconnect");
    }

    // ---- to the server

    <R> TestReply<R> ask(String event, TestReply<R> reply, ArrayNode arguments) {
        emit(event, arguments, replies.add(reply));
        return reply;
    }

    /** @throws AssertionError when it is not connected */
    void emit(String event, ArrayNode arguments, @Nullable Long ack) {
        if (!connected) {
            throw new AssertionError("cannot send '" + event + "'" + describe());
        }
        ArrayNode data = manager.json().array(event);
        data.addAll(arguments);
        send(ClientPacket.EVENT, ack, data);
    }

    void acknowledge(@Nullable Long ack, Object... arguments) {
        send(ClientPacket.ACK, ack, manager.json().array(arguments));
    }

    private void send(int type, @Nullable Long ack, JsonNode data) {
        manager.send(new ClientPacket(type, name, ack, data, 0));
    }

    // ---- from the server

    void linkOpened() {
        if (active && !connected) {
            ObjectNode data = manager.json().object(Map.of());
            recovery.show(data);
            data.setAll(manager.json().object(auth));
            send(ClientPacket.CONNECT, null, data.isEmpty() ? MissingNode.getInstance() : data);
        }
    }

    void receive(ClientPacket packet) {
        switch (packet.type()) {
            case ClientPacket.CONNECT -> connected(packet.data());
            case ClientPacket.CONNECT_ERROR -> {
                active = false;
                connectError = new ConnectError(
                        packet.data().path("message").asText(), packet.data().path("data"));
                watcher.refused(client);
            }
            case ClientPacket.DISCONNECT -> {
                active = false;
                boolean connecting = !connected;
                ended("io server disconnect");
                if (connecting) {
                    watcher.disconnected(client, "io server disconnect"); // ended on its way back
                }
            }
            case ClientPacket.EVENT -> {
                if (connected) {
                    event(packet);
                } else {
                    early.add(packet);
                }
            }
            case ClientPacket.ACK -> acknowledged(packet);
            default -> throw new AssertionError("the server sent an unexpected packet: " + packet);
        }
    }

    private void connected(JsonNode data) {
        id = data.path("sid").asText();
        recovery.connected(data);
        connected = true;
        watcher.connected(client);
        early.forEach(this::event);
        early.clear();
    }

    /** The connection is over, or this namespace alone. */
    void ended(String reason) {
        boolean was = connected;
        if (connected) {
            disconnectReason = reason;
        }
        connected = false;
        if (was) {
            watcher.disconnected(client, reason);
        }
        early.clear();
        replies.clear();
    }

    private void event(ClientPacket packet) {
        List<JsonNode> arguments = new ArrayList<>();
        packet.data().forEach(arguments::add);
        String event = arguments.get(0).asText();
        String offset = recovery.takeOffset(arguments, packet.id() != null);
        List<JsonNode> payload = arguments.isEmpty() ? List.of() : List.copyOf(arguments.subList(1, arguments.size()));
        ReceivedEvent received = new ReceivedEvent(event, payload, offset, packet.id());
        boolean answered = answers.has(received);
        events.add(received, answered);
        watcher.received(client, received);
        if (answered) {
            acknowledge(received.ackId(), answers.to(received));
        }
    }

    private void acknowledged(ClientPacket packet) {
        TestReply<?> reply = replies.complete(packet);
        if (reply != null) {
            watcher.answered(client, reply);
        }
    }

    // ---- for error messages

    /** What its user is called, if it has said so, and a blank. */
    private String user() {
        Object user = auth.get("user");
        return user == null ? "" : "'" + user + "' ";
    }

    /** What the server has asked and this client has not answered, for an error message; empty when there is nothing. */
    String unanswered() {
        StringBuilder text = new StringBuilder();
        events.unanswered()
                .forEach(event -> text.append("\n  client ")
                        .append(user())
                        .append("has not answered '")
                        .append(event.name())
                        .append("'"));
        return text.toString();
    }

    /** How an error message shows what this client has seen. */
    String describe() {
        StringBuilder text = new StringBuilder("\n  client ")
                .append(user())
                .append(id == null ? "(never connected)" : id)
                .append(" in ")
                .append(name)
                .append(connected ? ", connected" : ", not connected (" + disconnectReason + ")")
                .append(recovery.isRecovered() ? ", recovered" : "");
        if (connectError != null) {
            text.append("\n  was refused: ").append(connectError);
        }
        return text.append(events.describe()).toString();
    }
}
