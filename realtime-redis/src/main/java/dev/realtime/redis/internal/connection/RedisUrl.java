package dev.realtime.redis.internal.connection;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is, read from a URL. Messages about a URL never repeat it: it may hold a password.
 *
 * @param master the name that the sentinels know the master by; null without sentinels
 */
public record RedisUrl(
        Kind kind,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        List<HostAndPort> hosts,
        int database,
        @Nullable String master) {
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final String FORMS = "; it should look like redis://user:password@host:6379/0 (rediss:// for TLS),"
            + " redis-sentinel://host:26379,host:26379/master or redis-cluster://host:6379,host:6379";

    /** How the servers belong together. */
    public enum Kind {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    public static RedisUrl parse(String url) {
        int schemeEnd = url.indexOf("://");
        if (schemeEnd < 0) {
            throw new IllegalArgumentException("the Redis URL has no scheme" + FORMS);
        }
        String scheme = url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String rest = url.substring(schemeEnd + 3);
        boolean tls = scheme.startsWith("rediss");
        Kind kind =
                switch (scheme) {
                    case "redis", "rediss" -> Kind.STANDALONE;
                    case "redis-sentinel", "rediss-sentinel" -> Kind.SENTINEL;
                    case "redis-cluster", "rediss-cluster" -> Kind.CLUSTER;
                    default -> throw new IllegalArgumentException("the Redis URL has an unknown scheme" + FORMS);
                };
        if (rest.contains("?") || rest.contains("#")) {
            throw new IllegalArgumentException("the Redis URL has a query or a fragment, which mean nothing here"
                    + " (within a password write %3F for ? and %23 for #)" + FORMS);
        }
        String user = null;
        String password = null;
        int at = rest.lastIndexOf('@');
        if (at >= 0) {
            String credentials = rest.substring(0, at);
            int colon = credentials.indexOf(':');
            user = decode(colon < 0 ? credentials : credentials.substring(0, colon));
            password = colon < 0 ? null : decode(credentials.substring(colon + 1));
            if (password == null || password.isEmpty()) {
                throw new IllegalArgumentException(
                        "the Redis URL names a user but no password" + FORMS + "; without a user redis://:password@host");
            }
            user = user.isEmpty() ? null : user;
            rest = rest.substring(at + 1);
        }
        int slash = rest.indexOf('/');
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        List<HostAndPort> hosts = hosts(slash < 0 ? rest : rest.substring(0, slash), kind);
        if (kind == Kind.STANDALONE && hosts.size() != 1) {
            throw new IllegalArgumentException("the Redis URL names " + hosts.size() + " hosts, but redis:// takes one" + FORMS);
        }
        String master = null;
        if (kind == Kind.SENTINEL) {
            int next = path.indexOf('/');
            master = decode(next < 0 ? path : path.substring(0, next));
            path = next < 0 ? "" : path.substring(next + 1);
            if (master.isEmpty()) {
                throw new IllegalArgumentException("the Redis URL does not name the master that the sentinels watch" + FORMS);
            }
        }
        int database = path.isEmpty() ? 0 : number(path, 0, 1_000_000, "database");
        if (kind == Kind.CLUSTER && database != 0) {
            throw new IllegalArgumentException("the Redis URL names database " + database + ", but a Redis Cluster has only 0");
        }
        return new RedisUrl(kind, tls, user, password, hosts, database, master);
    }

    private static List<HostAndPort> hosts(String text, Kind kind) {
        List<HostAndPort> hosts = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            int colon = one.lastIndexOf(':');
            boolean port = colon >= 0 && !one.endsWith("]");
            String host = port ? one.substring(0, colon) : one;
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (host.isBlank()) {
                throw new IllegalArgumentException("the Redis URL names no host" + FORMS);
            }
            int standard = kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
            hosts.add(new HostAndPort(host, port ? number(one.substring(colon + 1), 1, 65_535, "port") : standard));
        }
        return List.copyOf(hosts);
    }

    private static int number(String text, int least, int most, String what) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "the " + what + " in the Redis URL must be a number from " + least + " to " + most + FORMS);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the Redis URL has a % that is not followed by two hexadecimal digits" + FORMS);
        }
    }

    /** Names the place without its secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tls ? "rediss" : "redis");
        text.append(kind == Kind.SENTINEL ? "-sentinel" : kind == Kind.CLUSTER ? "-cluster" : "").append("://");
        for (int i = 0; i < hosts.size(); i++) {
            text.append(i == 0 ? "" : ",").append(hosts.get(i));
        }
        if (master != null) {
            text.append('/').append(master);
        }
        return database == 0 ? text.toString() : text.append('/').append(database).toString();
    }
}
