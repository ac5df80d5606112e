package dev.realtime.redis.internal.connection;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;

/** How to connect. The builder of Jedis differs between its versions 6, 7 and 8; what it builds does not. */
@SuppressWarnings("deprecation") // what replaces the socket factory takes files where we are given a context
record ConnectionConfig(
        int timeoutMillis,
        @Nullable String user,
        @Nullable String password,
        int database,
        boolean tls,
        @Nullable SSLSocketFactory sockets)
        implements JedisClientConfig {

    @Override
    public RedisProtocol getRedisProtocol() {
        return RedisProtocol.RESP2;
    }

    @Override
    public boolean isAutoNegotiateProtocol() { // is asked by Jedis 8 only
        return false;
    }

    @Override
    public int getConnectionTimeoutMillis() {
        return timeoutMillis;
    }

    @Override
    public int getSocketTimeoutMillis() {
        return timeoutMillis;
    }

    @Override
    public int getBlockingSocketTimeoutMillis() {
        return timeoutMillis;
    }

    @Override
    public @Nullable String getUser() {
        return user;
    }

    @Override
    public @Nullable String getPassword() {
        return password;
    }

    @Override
    public int getDatabase() {
        return database;
    }

    @Override
    public boolean isSsl() {
        return tls;
    }

    @Override
    public @Nullable SSLSocketFactory getSslSocketFactory() {
        return sockets;
    }

    /** Without the check of the name any certificate would do. */
    @Override
    public @Nullable SSLParameters getSslParameters() {
        if (!tls) {
            return null;
        }
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    @Override
    public ClientSetInfoConfig getClientSetInfoConfig() {
        return ClientSetInfoConfig.DISABLED;
    }

    /** Says no secrets. */
    @Override
    public String toString() {
        return "WireConfig[" + (tls ? "TLS, " : "") + "database " + database + "]";
    }
}
