package dev.realtime;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session as seen from anywhere: what {@link Audience#fetch()} returns, of sessions of this node and of others. A snapshot; immutable and thread-safe.
 *
 * <pre>{@code
 * static final Attribute<String> TEAM = Attribute.recorded("team", String.class);
 * }</pre>
 *
 * <pre>{@code
 * realtime.namespace("/").room("match:7").fetch().thenAccept(found -> {
 *     for (SessionView player : found.sessions()) {
 *         board.add(player.principal().id(), player.get(TEAM));
 *     }
 * });
 * }</pre>
 */
public final class SessionView {
    private final String id;
    private final String node;
    private final Principal principal;
    private final Set<RoomKey> rooms;
    private final Map<String, String> attributes;
    private final boolean connected;
    private final @Nullable HandshakeView handshake;
    private final @Nullable BiFunction<String, Type, @Nullable Object> reader;

    private SessionView(
            String id,
            String node,
            Principal principal,
            Set<RoomKey> rooms,
            Map<String, String> attributes,
            boolean connected,
            @Nullable HandshakeView handshake,
            @Nullable BiFunction<String, Type, @Nullable Object> reader) {
        this.id = Objects.requireNonNull(id, "id");
        this.node = Objects.requireNonNull(node, "node");
        this.principal = Objects.requireNonNull(principal, "principal");
        this.rooms = Objects.requireNonNull(rooms, "rooms");
        this.attributes = Objects.requireNonNull(attributes, "attributes");
        this.connected = connected;
        this.handshake = handshake;
        this.reader = reader;
    }

    /**
     * Returns a view as a node says it of its session; for backends.
     *
     * @param node its home; empty where a server of another kind does not say
     * @param attributes its recorded attributes as JSON text, by name
     * @param connected whether its client is there now
     * @param handshake null while its client is away, and where a server of another kind does not say
     */
    public static SessionView of(
            String id,
            String node,
            Principal principal,
            Set<RoomKey> rooms,
            Map<String, String> attributes,
            boolean connected,
            @Nullable HandshakeView handshake) {
        return new SessionView(id, node, principal, rooms, attributes, connected, handshake, null);
    }

    /**
     * Returns the same view, whose attributes are read by this function; for the engine.
     *
     * @param read makes a value of a type out of its JSON text
     */
    public SessionView readBy(BiFunction<String, Type, @Nullable Object> read) {
        Objects.requireNonNull(read, "read");
        return new SessionView(id, node, principal, rooms, attributes, connected, handshake, read);
    }

    /** Returns the public id ({@code socket.id} in the client). */
    public String id() {
        return id;
    }

    /** Returns the id of the node that is its home; empty where a server of another kind does not say. */
    public String node() {
        return node;
    }

    public Principal principal() {
        return principal;
    }

    public Set<RoomKey> rooms() {
        return rooms;
    }

    /**
     * Returns the value of a recorded attribute, or null if the session has none.
     *
     * @throws IllegalArgumentException if the attribute is local, since that does not leave its node
     * @throws RuntimeException of the codec if what the session has under that name is of another type
     */
    @SuppressWarnings("unchecked") // the codec was asked for this type
    public <T> @Nullable T get(Attribute<T> attribute) {
        Objects.requireNonNull(attribute, "attribute");
        if (!attribute.isRecorded()) {
            throw new IllegalArgumentException(
                    "attribute '" + attribute + "' is local, and known to its own node alone");
        }
        String text = attributes.get(attribute.name());
        if (text == null) {
            return null;
        }
        if (reader == null) {
            throw new IllegalStateException("this view does not come from an engine, and cannot read attributes");
        }
        return (T) reader.apply(text, attribute.type());
    }

    /** Returns its recorded attributes as JSON text, by name. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Returns whether its client is there now. */
    public boolean connected() {
        return connected;
    }

    /** Returns how its client has connected; empty while it is away, and where a server of another kind does not say. */
    public Optional<HandshakeView> handshake() {
        return Optional.ofNullable(handshake);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionView view
                && id.equals(view.id)
                && node.equals(view.node)
                && principal.equals(view.principal)
                && rooms.equals(view.rooms)
                && attributes.equals(view.attributes)
                && connected == view.connected
                && Objects.equals(handshake, view.handshake);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, node, connected);
    }

    @Override
    public String toString() {
        return "session " + id + " of " + principal.id() + (node.isEmpty() ? "" : " at node " + node) + ", "
                + (connected ? "connected" : "away");
    }
}
