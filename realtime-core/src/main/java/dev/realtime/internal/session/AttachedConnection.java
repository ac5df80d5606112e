package dev.realtime.internal.session;

import dev.realtime.Handshake;
import dev.realtime.HandshakeView;
import dev.realtime.internal.outbox.Outbox;
import dev.realtime.internal.system.HandlerShares;
import dev.realtime.spi.JsonCodec;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a session is on, and what the session keeps of the last one. Live events go to it only once its client is up to date.
 * Changed under the session's lock, read by any thread.
 */
public final class AttachedConnection {
    private final String namespace;
    private final JsonCodec json;
    private final Executor sharedHandlers;

    private volatile KeptAuth auth = KeptAuth.NONE;
    private volatile @Nullable SessionConnection current;
    private volatile @Nullable Outbox live; // of the current one, once its client is up to date
    private volatile String remoteAddress = "";
    private volatile long connectedAt; // in milliseconds of the wall clock
    private volatile HandlerShares.@Nullable Share share; // null before the first connection to this node

    /** @param sharedHandlers runs the handlers of a session that has not been connected to this node */
    AttachedConnection(String namespace, JsonCodec json, Executor sharedHandlers) {
        this.namespace = namespace;
        this.json = json;
        this.sharedHandlers = sharedHandlers;
    }

    /** The connection that the session is on, even if its client is still being caught up with; null while there is none. */
    public @Nullable SessionConnection current() {
        return current;
    }

    /** Where the fan-out delivers; null while there is no client, or it is not up to date. */
    @Nullable
    Outbox live() {
        return live;
    }

    /** Whether the session is on this connection, and its client is up to date. */
    boolean isLiveOn(SessionConnection candidate) {
        return live != null && current == candidate;
    }

    /** Whether the session is on this connection, even if its client is still being caught up with. */
    public boolean is(@Nullable SessionConnection candidate) {
        return current == candidate;
    }

    /** Writes what waits for the client, if it is up to date. */
    void flush() {
        Outbox outbox = live;
        if (outbox != null) {
            outbox.flush();
        }
    }

    /** The credentials of the connection that comes now. */
    public void presents(Map<String, Object> credentials) {
        auth = KeptAuth.of(json, credentials);
    }

    void attach(SessionConnection connection) {
        current = connection;
    }

    /** The client has been let in on the current connection. */
    void letIn(SessionConnection connection, Instant now) {
        remoteAddress = connection.request().remoteAddress();
        connectedAt = now.toEpochMilli();
        share = connection.share();
    }

    /** The client of the current connection is up to date. */
    void goLive(SessionConnection connection) {
        live = connection.outbox();
    }

    /** What comes from now on does not come to the client together with others. */
    void endLag() {
        Outbox outbox = live;
        if (outbox != null) {
            outbox.endLag();
        }
    }

    /** Returns what was the current connection. */
    @Nullable
    SessionConnection detach() {
        SessionConnection last = current;
        Outbox outbox = live;
        current = null;
        live = null;
        if (outbox != null) {
            outbox.endLag();
        }
        return last;
    }

    /** The address of the current client, or of the last one on this node. */
    String remoteAddress() {
        return remoteAddress;
    }

    /** When the present or the last connection came. */
    Instant connectedAt() {
        return Instant.ofEpochMilli(connectedAt);
    }

    /** What the client came with; null while there is no connection. */
    @Nullable
    Handshake handshake() {
        SessionConnection on = current;
        return on == null ? null : new Handshake(namespace, on.request(), auth.read(json), connectedAt());
    }

    /** What other nodes are told of the connection; null while there is none. */
    public @Nullable HandshakeView handshakeView() {
        SessionConnection on = current;
        return on == null ? null : HandshakeView.of(Instant.ofEpochMilli(connectedAt), on.request());
    }

    /** Runs handlers and listeners. */
    Executor handlers() {
        HandlerShares.Share of = share;
        return of == null ? sharedHandlers : of;
    }

    /** Runs what depends on answers of the client. */
    Executor answers() {
        HandlerShares.Share of = share;
        return of == null ? sharedHandlers : of.answers();
    }
}
