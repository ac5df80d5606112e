package dev.realtime.redis.internal.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection to one server, for one thread; only {@link #close()} may come from another. Throws {@link JedisException} when it is
 * broken, and never mends itself.
 */
public final class RedisConnection implements AutoCloseable {
    private final PipelinedConnection connection;
    private final Identity identity;
    private final WriteTimeouts timeouts;

    /**
     * Whom one speaks with, and as whom.
     *
     * @param runId of this run of the server; empty when the user may not ask
     * @param clientId of this connection
     */
    public record Identity(String runId, long clientId) {
        /** Whether a connection of this identity may still exist beside one of that. */
        public boolean sameRun(Identity other) {
            return !runId.isEmpty() && runId.equals(other.runId);
        }
    }

    RedisConnection(PipelinedConnection connection, Identity identity, WriteTimeouts timeouts) {
        this.connection = connection;
        this.identity = identity;
        this.timeouts = timeouts;
        timeouts.watch(connection);
    }

    public Identity identity() {
        return identity;
    }

    /** The connection itself, for what subscribes. */
    public Connection connection() {
        return connection;
    }

    /** Sends a command and waits for its reply; an error reply is thrown. */
    public @Nullable Object call(ProtocolCommand command, Object... arguments) {
        send(command, arguments);
        return result();
    }

    /** The reply to the oldest command without one; an error reply is thrown. */
    public @Nullable Object result() {
        return connection.getOne();
    }

    /** Sends a command whose reply is taken later. */
    public void send(ProtocolCommand command, Object... arguments) {
        connection.sendCommand(new CommandArguments(command).addObjects(arguments));
    }

    /** The reply to the oldest command without one; an error reply is returned as {@link JedisDataException}. */
    public @Nullable Object receive() {
        try {
            return result();
        } catch (JedisDataException refused) {
            return refused;
        }
    }

    /** Sends what has been collected, for who will not wait for a reply. */
    public void flush() {
        connection.flush();
    }

    public void timeout(int millis) {
        connection.setSoTimeout(millis);
    }

    /** The text of a reply. */
    public static String text(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        return String.valueOf(reply);
    }

    @Override
    public void close() {
        timeouts.forget(connection);
        cut(connection);
    }

    /** Ends a connection at once, even while a write is stuck. */
    static void cut(PipelinedConnection connection) {
        try {
            connection.cut();
        } catch (IOException | JedisException e) {
            // it is broken already
        }
    }
}
