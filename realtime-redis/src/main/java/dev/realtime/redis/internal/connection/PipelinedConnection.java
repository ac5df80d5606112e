package dev.realtime.redis.internal.connection;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;

/** A connection that can be told to send what it has collected, and be cut by another thread. Uses what Jedis 6, 7 and 8 have in common. */
final class PipelinedConnection extends Connection {
    /** No {@linkplain #currentWrite() write} is under way. */
    static final long NOT_WRITING = 0;

    private final HostAndPort address;
    private final Sockets sockets;
    private long writes; // so far
    private volatile long current = NOT_WRITING;

    PipelinedConnection(HostAndPort server, JedisClientConfig config) {
        this(server, new Sockets(new DefaultJedisSocketFactory(server, config)), config);
    }

    private PipelinedConnection(HostAndPort server, Sockets sockets, JedisClientConfig config) {
        super(sockets, config);
        this.address = server;
        this.sockets = sockets;
    }

    HostAndPort server() {
        return address;
    }

    @Override
    public void sendCommand(CommandArguments arguments) {
        current = ++writes;
        try {
            super.sendCommand(arguments);
        } finally {
            current = NOT_WRITING;
        }
    }

    @Override
    protected void flush() {
        current = ++writes;
        try {
            super.flush();
        } finally {
            current = NOT_WRITING;
        }
    }

    /** Which write is under way, one number each. For any thread. */
    long currentWrite() {
        return current;
    }

    /** Ends it at once, even while a write is stuck. */
    void cut() throws IOException {
        setBroken();
        Socket socket = sockets.last;
        if (socket != null) {
            socket.close();
        }
    }

    /** Remembers the socket: a write that is stuck holds up whatever asks the connection to close it. */
    private static final class Sockets implements JedisSocketFactory {
        private final JedisSocketFactory factory;
        private volatile @Nullable Socket last;

        Sockets(JedisSocketFactory factory) {
            this.factory = factory;
        }

        @Override
        public Socket createSocket() {
            Socket created = factory.createSocket();
            last = created;
            return created;
        }
    }
}
