package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.spi.HttpReply;
import java.nio.charset.StandardCharsets;
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
    private final ClientNamespace namespace;

    TestClient(ClientManager manager, String namespace, Map<String, Object> auth) {
        this.manager = manager;
        this.namespace = new ClientNamespace(manager, namespace, auth, this);
        manager.add(this.namespace);
    }

    // ---- connection

    void connect() {
        namespace.activate();
        manager.connect(namespace);
    }

    /** Connects to another namespace over the same connection, with the same {@code auth}. */
    public TestClient also(String otherNamespace) {
        TestClient other = new TestClient(manager, otherNamespace, namespace.auth());
        manager.entrance().entered(other);
        other.connect();
        return other;
    }

    /** Breaks the connection, which the server notices at once. What is under way is lost. */
    public void dropConnection() {
        manager.link().drop();
        manager.settle();
    }

    /** Breaks the connection without the server noticing: it stays half open until the heartbeat ends it. */
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
        namespace.disconnect();
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
        namespace.watch(newWatcher);
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

    /** Stops reading: what the engine writes waits in its outbox, until that overflows or has stalled for too long. */
    public void stall() {
        connection().stall();
    }

    /** Reads again, beginning with what waits. */
    public void resume() {
        connection().resume();
        manager.settle();
    }

    /**
     * Returns the WebSocket underneath.
     *
     * @throws AssertionError when the client polls
     */
    public InMemoryConnection connection() {
        InMemoryConnection socket = manager.link().socket();
        if (socket == null) {
            throw new AssertionError("the client has no WebSocket, it uses polling");
        }
        return socket;
    }

    /** Whether it has a session and is connected to it. */
    public boolean isConnected() {
        return namespace.isConnected();
    }

    /** Returns {@code websocket} or {@code polling}. */
    public String transport() {
        return manager.link().transportName();
    }

    /** Returns the id of the connection. */
    public String connectionId() {
        return manager.link().sid();
    }

    /** Returns the name of its namespace. */
    public String namespace() {
        return namespace.name();
    }

    /**
     * Returns the session's id; after its end that of the last one.
     *
     * @throws AssertionError when it was never connected
     */
    public String id() {
        String id = namespace.id();
        if (id == null) {
            throw new AssertionError("the client was never connected to " + namespace.name() + receivedSoFar());
        }
        return id;
    }

    /** Returns the session's private id, if the server gave one. */
    public Optional<String> privateId() {
        return Optional.ofNullable(namespace.recovery().privateId());
    }

    /** Returns what the client takes for its offset. */
    public Optional<String> lastOffset() {
        return Optional.ofNullable(namespace.recovery().offset());
    }

    /** Forges what the next CONNECT shows. */
    public void forge(@Nullable String privateId, @Nullable String offset) {
        namespace.recovery().forge(privateId, offset);
    }

    /** Whether the last CONNECT brought the old session back. */
    public boolean recovered() {
        return namespace.recovery().isRecovered();
    }

    /** Returns why the namespace refused this client, if it did. */
    public Optional<ConnectError> connectError() {
        return Optional.ofNullable(namespace.connectError());
    }

    /**
     * Returns what the client's latest request for a connection was answered with, if the server did not want it: {@code allowRequest} has refused it, its
     * origin is unknown, or there are too many. The official client reports such an answer as {@code xhr poll error} or {@code websocket error}.
     */
    public Optional<HttpReply> refusal() {
        return Optional.ofNullable(manager.refusal());
    }

    /** Returns why the client was disconnected last, in the words of the official client; empty while it never was. */
    public String disconnectReason() {
        return namespace.disconnectReason();
    }

    /** Changes the {@code auth} payload of the next CONNECT; null removes the value. */
    public void auth(String name, @Nullable Object value) {
        if (value == null) {
            namespace.auth().remove(name);
        } else {
            namespace.auth().put(name, value);
        }
    }

    // ---- to the server

    /** Emits an event. */
    public <T> void emit(Event<T> event, T payload) {
        emit(event.name(), manager.json().arguments(event.contract().shape(), payload));
    }

    /** Emits an event without a payload. */
    public void emit(Event<Void> event) {
        emit(event.name(), manager.json().array());
    }

    /** Emits an event that no contract describes. */
    public void emitRaw(String event, Object... arguments) {
        emit(event, manager.json().array(arguments));
    }

    /**
     * Sends a request and returns its answer; null for an empty one.
     *
     * @throws AssertionError when the answer is an error, or does not come without time passing
     */
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

    /** Emits an event that no contract describes, and asks for an acknowledgement. */
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

    /** Answers this request of the server from now on. */
    public <T, R> void answer(Request<T, R> request, Function<T, R> answer) {
        namespace.answers().add(request, answer);
    }

    /**
     * Answers a request of the server now, as no contract describes it.
     *
     * @param ackId see {@link ReceivedEvent#ackId()}
     */
    public void acknowledge(long ackId, Object... arguments) {
        namespace.acknowledge(ackId, arguments);
        manager.settle();
    }

    /** Whether this client has a connection or an attempt at one. */
    public boolean isOnline() {
        return manager.isUnderWay();
    }

    // ---- from the server

    /**
     * Returns the payload of the oldest unread event of this name; null for one without a payload.
     *
     * @throws AssertionError when there is none
     */
    public <T> T next(Event<T> event) {
        return payload(event, nextRaw(event.name()));
    }

    /**
     * Returns the oldest unread event of this name, as it came.
     *
     * @throws AssertionError when there is none
     */
    public ReceivedEvent nextRaw(String event) {
        manager.settle();
        return namespace
                .events()
                .take(event)
                .orElseThrow(() -> new AssertionError("no unread '" + event + "'" + receivedSoFar()));
    }

    /** Whether an unread event of this name is there. */
    public boolean has(Event<?> event) {
        manager.settle();
        return namespace.events().hasUnread(event.name());
    }

    /** Returns the payloads of all events of this name received so far, read or not. */
    public <T> List<T> received(Event<T> event) {
        return received().stream()
                .filter(received -> received.name().equals(event.name()))
                .map(received -> payload(event, received))
                .toList();
    }

    /** Returns all events received so far, in order. */
    public List<ReceivedEvent> received() {
        manager.settle();
        return namespace.events().all();
    }

    /** How an error message shows what this client has seen. */
    String receivedSoFar() {
        return refusal()
                        .map(reply -> "\n  the request for a connection was refused: " + reply.status() + " "
                                + new String(reply.body(), StandardCharsets.UTF_8))
                        .orElse("")
                + namespace.describe();
    }

    /** What the server has asked and this client has not answered, for an error message; empty when there is nothing. */
    String unanswered() {
        return namespace.unanswered();
    }

    @Override
    public String toString() {
        return "TestClient" + receivedSoFar();
    }

    ClientJson json() {
        return manager.json();
    }

    private <R> TestReply<R> ask(String event, TestReply<R> reply, ArrayNode arguments) {
        namespace.ask(event, reply, arguments);
        manager.settle();
        return reply;
    }

    private void emit(String event, ArrayNode arguments) {
        namespace.emit(event, arguments, null);
        manager.settle();
    }

    @SuppressWarnings("NullAway") // the payload of an event without one is null
    private <T> T payload(Event<T> event, ReceivedEvent received) {
        return manager.json().payload(event.contract(), received.arguments());
    }
}
