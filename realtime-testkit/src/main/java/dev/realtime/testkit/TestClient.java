package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.realtime.Event;
import dev.realtime.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO client in one namespace. It speaks the real protocol over the {@link InMemoryTransport} and keeps the session's private id
 * and the last offset exactly as the official client does: any trailing string of an event that asks for no acknowledgement counts
 * as the offset, and a fresh session does not reset it.
 *
 * <p>Every method that sends lets the engine come to rest before it returns, and every method that reads does so before it looks. Time stands
 * still meanwhile. Not thread-safe.
 */
public final class TestClient {
    private final ClientManager manager;
    private final String namespace;
    private final Map<String, Object> auth;
    private final List<ReceivedEvent> unread = new ArrayList<>();
    private final List<ReceivedEvent> history = new ArrayList<>();
    private final List<ClientPacket> early = new ArrayList<>();
    private final Map<Long, TestReply<?>> replies = new HashMap<>();
    private final Map<String, Function<ReceivedEvent, Object[]>> answers = new HashMap<>();
    private @Nullable String id;
    private @Nullable String pid;
    private @Nullable String lastOffset;
    private @Nullable ConnectError connectError;
    private String disconnectReason = "";
    private long nextAck;
    private boolean active;
    private boolean connected;
    private boolean recovered;
    private ClientWatcher watcher = new ClientWatcher() {};

    TestClient(ClientManager manager, String namespace, Map<String, Object> auth) {
        this.manager = manager;
        this.namespace = namespace;
        this.auth = new LinkedHashMap<>(auth);
        manager.add(this);
    }

    // ---- connection

    void connect() {
        active = true;
        connectError = null;
        manager.connect(this);
    }

    /** Connects to another namespace over the same connection. */
    public TestClient also(String otherNamespace) {
        TestClient other = new TestClient(manager, otherNamespace, auth);
        manager.entrance().entered(other);
        other.connect();
        return other;
    }

    /** The network breaks, and the server notices at once. What is under way is lost. */
    public void dropConnection() {
        manager.link().drop();
        manager.settle();
    }

    /** The network breaks, and the server does not notice: the connection stays half open. */
    public void loseNetwork() {
        manager.link().lose();
        manager.settle();
    }

    /** Closes the connection in good order, with all its namespaces. */
    public void closeConnection() {
        manager.link().close();
        manager.settle();
    }

    /**
     * Connects again, showing private id and offset if it has them. In a cluster to any node, as behind a load balancer: an attempt that
     * fails is followed by another one elsewhere after a jittered pause on virtual time, at most {@value Reconnecting#ATTEMPTS} times.
     *
     * @throws AssertionError when no node wants it, saying what happened to each attempt
     */
    public void reconnect() {
        new Reconnecting(this, manager).anywhere();
    }

    /** Connects again to a node of the cluster; see {@link #reconnect()}. */
    public void reconnect(int node) {
        new Reconnecting(this, manager).to(node);
    }

    /** Leaves the namespace; the connection is closed when no other namespace uses it. */
    public void disconnect() {
        if (connected) {
            send(ClientPacket.DISCONNECT, null, MissingNode.getInstance());
        }
        active = false;
        ended("io client disconnect");
        manager.settle();
        manager.closeUnused();
    }

    /** Begins to connect to a node of the cluster again and returns before anything has happened. */
    public void beginReconnect(int node) {
        manager.entrance().choose(node);
        connect();
    }

    /** Tells a watcher what happens to this client, when it happens. */
    public void watch(ClientWatcher newWatcher) {
        watcher = newWatcher;
    }

    boolean isActive() {
        return active;
    }

    /** Upgrades a polling connection to a WebSocket. */
    public void upgrade() {
        beginUpgrade();
        manager.settle();
    }

    /** Begins an upgrade and returns before anything has happened: what is emitted next comes in the middle of it. */
    public void beginUpgrade() {
        manager.link().upgrade();
    }

    /** Stops reading. */
    public void stall() {
        connection().stall();
    }

    /** Reads again. */
    public void resume() {
        connection().resume();
        manager.settle();
    }

    /** The WebSocket underneath. */
    public InMemoryConnection connection() {
        InMemoryConnection socket = manager.link().socket();
        if (socket == null) {
            throw new AssertionError("the client has no WebSocket, it uses polling");
        }
        return socket;
    }

    public boolean isConnected() {
        return connected;
    }

    /** {@code websocket} or {@code polling}. */
    public String transport() {
        return manager.link().transportName();
    }

    /** The id of the connection. */
    public String connectionId() {
        return manager.link().sid();
    }

    public String namespace() {
        return namespace;
    }

    /** The session's id; that of the last session after the end. */
    public String id() {
        if (id == null) {
            throw new AssertionError("the client was never connected to " + namespace + receivedSoFar());
        }
        return id;
    }

    /** The session's private id, if the server gave one. */
    public Optional<String> privateId() {
        return Optional.ofNullable(pid);
    }

    /** What the client takes for its offset. */
    public Optional<String> lastOffset() {
        return Optional.ofNullable(lastOffset);
    }

    /** Forges what the next CONNECT shows. */
    public void forge(@Nullable String privateId, @Nullable String offset) {
        pid = privateId;
        lastOffset = offset;
    }

    /** Whether the last CONNECT brought the old session back. */
    public boolean recovered() {
        return recovered;
    }

    /** Why the namespace refused this client, if it did. */
    public Optional<ConnectError> connectError() {
        return Optional.ofNullable(connectError);
    }

    /** Why the client is disconnected, in the words of the official client; empty while it never was. */
    public String disconnectReason() {
        return disconnectReason;
    }

    /** Changes the {@code auth} payload of the next CONNECT; null removes the value. */
    public void auth(String name, @Nullable Object value) {
        if (value == null) {
            auth.remove(name);
        } else {
            auth.put(name, value);
        }
    }

    // ---- to the server

    public <T> void emit(Event<T> event, T payload) {
        emitArguments(event.name(), manager.json().arguments(event.contract().shape(), payload), null);
    }

    public void emit(Event<Void> event) {
        emitArguments(event.name(), manager.json().array(), null);
    }

    /** Emits whatever one likes. */
    public void emitRaw(String event, Object... arguments) {
        emitArguments(event, manager.json().array(arguments), null);
    }

    /** Sends a request and returns its answer, which must be there without time passing. */
    public <T, R> @Nullable R request(Request<T, R> request, T payload) {
        return ask(request, payload).value();
    }

    /** Sends a request; the answer may come later. */
    public <T, R> TestReply<R> ask(Request<T, R> request, @Nullable T payload) {
        ArrayNode arguments = manager.json().arguments(request.contract().shape(), payload);
        return ask(request.name(), new TestReply<>(this, request), arguments);
    }

    /** Emits an event and asks for an acknowledgement. */
    public <T> TestReply<Void> ask(Event<T> event, @Nullable T payload) {
        return ask(
                event.name(),
                new TestReply<>(this, event.name(), Void.class),
                manager.json().arguments(event.contract().shape(), payload));
    }

    /** Emits whatever one likes and asks for an acknowledgement. */
    public TestReply<JsonNode> askRaw(String event, Object... arguments) {
        return ask(
                event,
                new TestReply<>(this, event, JsonNode.class),
                manager.json().array(arguments));
    }

    /** Sends the text of a packet as it stands, Engine.IO type included, over the WebSocket. */
    public void sendRaw(String packet) {
        connection().send(packet);
        manager.settle();
    }

    /** From now on, answers this request of the server. */
    public <T, R> void answer(Request<T, R> request, Function<T, R> answer) {
        answers.put(request.name(), event -> {
            @SuppressWarnings("NullAway") // a request without a payload has a function that takes null
            R reply = answer.apply(manager.json().payload(request.contract(), event.arguments()));
            List<Object> arguments = new ArrayList<>();
            if (request.isErrorFirst()) {
                arguments.add(manager.json().tree(null));
            }
            if (reply != null) {
                manager.json().arguments(request.replyShape(), reply).forEach(arguments::add);
            }
            return arguments.toArray();
        });
    }

    /** Answers a request of the server now, with whatever one likes. */
    public void acknowledge(long ackId, Object... arguments) {
        send(ClientPacket.ACK, ackId, manager.json().array(arguments));
        manager.settle();
    }

    /** Whether this client has a connection or an attempt at one. */
    public boolean isOnline() {
        return manager.isUnderWay();
    }

    // ---- from the server

    /**
     * The payload of the oldest unread event of this name; null for one without a payload.
     *
     * @throws AssertionError when there is none
     */
    public <T> T next(Event<T> event) {
        manager.settle();
        ReceivedEvent received = take(event.name())
                .orElseThrow(() -> new AssertionError("no unread '" + event.name() + "'" + receivedSoFar()));
        return payload(event, received);
    }

    /** The oldest unread event of this name, as it came. */
    public ReceivedEvent nextRaw(String event) {
        manager.settle();
        return take(event).orElseThrow(() -> new AssertionError("no unread '" + event + "'" + receivedSoFar()));
    }

    /** Whether an unread event of this name is there. */
    public boolean has(Event<?> event) {
        manager.settle();
        return unread.stream().anyMatch(received -> received.name().equals(event.name()));
    }

    /** The payloads of all events of this name received so far, read or not. */
    public <T> List<T> received(Event<T> event) {
        manager.settle();
        return history.stream()
                .filter(received -> received.name().equals(event.name()))
                .map(received -> payload(event, received))
                .toList();
    }

    /** All events received so far, in order. */
    public List<ReceivedEvent> received() {
        manager.settle();
        return List.copyOf(history);
    }

    /** What it was called when it was made, if it was, and a blank. */
    private String name() {
        Object user = auth.get("user");
        return user == null ? "" : "'" + user + "' ";
    }

    /** What the server has asked and this client has not answered, for an error message; empty when there is nothing. */
    String unanswered() {
        StringBuilder text = new StringBuilder();
        for (ReceivedEvent event : unread) {
            if (event.ackId() != null) {
                text.append("\n  client ")
                        .append(name())
                        .append("has not answered '")
                        .append(event.name())
                        .append("'");
            }
        }
        return text.toString();
    }

    /** How an error message shows what this client has seen. */
    String receivedSoFar() {
        StringBuilder text = new StringBuilder("\n  client ")
                .append(name())
                .append(id == null ? "(never connected)" : id)
                .append(" in ")
                .append(namespace)
                .append(connected ? ", connected" : ", not connected (" + disconnectReason + ")")
                .append(recovered ? ", recovered" : "");
        if (connectError != null) {
            text.append("\n  was refused: ").append(connectError);
        }
        if (history.isEmpty()) {
            return text.append("\n  and has received nothing").toString();
        }
        text.append("\n  and has received:");
        int from = Math.max(0, history.size() - 50);
        if (from > 0) {
            text.append("\n    … ").append(from).append(" earlier");
        }
        history.subList(from, history.size())
                .forEach(event -> text.append("\n    ")
                        .append(event.name())
                        .append(' ')
                        .append(event.arguments())
                        .append(event.offset() == null ? "" : " at " + event.offset())
                        .append(unread.contains(event) ? "" : " (read)"));
        return text.toString();
    }

    @Override
    public String toString() {
        return "TestClient" + receivedSoFar();
    }

    ClientJson json() {
        return manager.json();
    }

    // ---- called by the manager

    void linkOpened() {
        if (active && !connected) {
            ObjectNode data = manager.json().object(Map.of());
            if (pid != null) {
                data.put("pid", pid);
                if (lastOffset != null) {
                    data.put("offset", lastOffset);
                }
            }
            data.setAll(manager.json().object(auth));
            send(ClientPacket.CONNECT, null, data.isEmpty() ? MissingNode.getInstance() : data);
        }
    }

    void linkClosed(String reason) {
        ended(reason);
    }

    void receive(ClientPacket packet) {
        switch (packet.type()) {
            case ClientPacket.CONNECT -> connected(packet.data());
            case ClientPacket.CONNECT_ERROR -> {
                active = false;
                connectError = new ConnectError(
                        packet.data().path("message").asText(), packet.data().path("data"));
                watcher.refused(this);
            }
            case ClientPacket.DISCONNECT -> {
                active = false;
                boolean connecting = !connected;
                ended("io server disconnect");
                if (connecting) {
                    watcher.disconnected(this, "io server disconnect"); // ended on its way back
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
        String given = data.hasNonNull("pid") ? data.path("pid").asText() : null;
        recovered = given != null && given.equals(pid);
        pid = given;
        connected = true;
        watcher.connected(this);
        early.forEach(this::event);
        early.clear();
    }

    private void ended(String reason) {
        boolean was = connected;
        if (connected) {
            disconnectReason = reason;
        }
        connected = false;
        if (was) {
            watcher.disconnected(this, reason);
        }
        early.clear();
        replies.clear();
    }

    private void event(ClientPacket packet) {
        List<JsonNode> arguments = new ArrayList<>();
        packet.data().forEach(arguments::add);
        String name = arguments.get(0).asText();
        JsonNode last = arguments.get(arguments.size() - 1);
        String offset = null;
        if (pid != null && packet.id() == null && last.isTextual()) {
            offset = last.asText();
            lastOffset = offset;
            arguments.remove(arguments.size() - 1);
        }
        List<JsonNode> payload = arguments.isEmpty() ? List.of() : List.copyOf(arguments.subList(1, arguments.size()));
        ReceivedEvent event = new ReceivedEvent(name, payload, offset, packet.id());
        history.add(event);
        watcher.received(this, event);
        Function<ReceivedEvent, Object[]> answer = packet.id() == null ? null : answers.get(name);
        if (answer == null || packet.id() == null) {
            unread.add(event);
        } else {
            send(ClientPacket.ACK, packet.id(), manager.json().array(answer.apply(event)));
        }
    }

    private void acknowledged(ClientPacket packet) {
        TestReply<?> reply = replies.get(packet.id());
        if (reply == null) {
            if (packet.id() != null && packet.id() < nextAck) {
                return; // asked over an earlier connection, and forgotten with it
            }
            throw new AssertionError("an acknowledgement that nobody asked for: " + packet);
        }
        List<JsonNode> arguments = new ArrayList<>();
        packet.data().forEach(arguments::add);
        reply.complete(arguments);
        watcher.answered(this, reply);
    }

    private <R> TestReply<R> ask(String name, TestReply<R> reply, ArrayNode arguments) {
        long ack = nextAck++;
        replies.put(ack, reply);
        emitArguments(name, arguments, ack);
        return reply;
    }

    private void emitArguments(String name, ArrayNode arguments, @Nullable Long ack) {
        if (!connected) {
            throw new AssertionError("cannot send '" + name + "'" + receivedSoFar());
        }
        ArrayNode data = manager.json().array(name);
        data.addAll(arguments);
        send(ClientPacket.EVENT, ack, data);
        manager.settle();
    }

    private void send(int type, @Nullable Long ack, JsonNode data) {
        manager.send(new ClientPacket(type, namespace, ack, data, 0));
    }

    private Optional<ReceivedEvent> take(String name) {
        for (ReceivedEvent event : unread) {
            if (event.name().equals(name)) {
                unread.remove(event);
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("NullAway") // the payload of an event without one is null
    private <T> T payload(Event<T> event, ReceivedEvent received) {
        return manager.json().payload(event.contract(), received.arguments());
    }
}
