package dev.realtime.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis of its own on a free port of the loopback, with its data in a temporary directory. It can be killed like by {@code kill -9},
 * stopped like by SIGSTOP so that its connections stay open but nobody answers, continued, and started again on the same port. Ends
 * with {@link #close()}, in any case with the JVM.
 */
public final class RedisServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final JedisClientConfig PLAIN = DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP2)
            .timeoutMillis(5_000)
            .build();

    private final int port;
    private final Path directory;
    private final List<String> options;
    private final boolean sentinel;
    private @Nullable Process process;

    private RedisServer(int port, Path directory, List<String> options, boolean sentinel) {
        this.port = port;
        this.directory = directory;
        this.options = options;
        this.sentinel = sentinel;
    }

    /** Starts a server that forgets everything when it ends, unless options say otherwise ({@code "--appendonly", "yes"}). */
    public static RedisServer start(String... options) {
        return start(freePort(), false, List.of(), options);
    }

    /** Starts a replica. */
    public static RedisServer replicaOf(RedisServer master, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--replicaof", "127.0.0.1 " + master.port()));
        return start(freePort(), false, List.of(), all.toArray(String[]::new));
    }

    /**
     * Starts a sentinel that fails over when it is {@linkplain #failOver told to}. Not by itself: on a busy machine a master that lives may not answer for a
     * second either.
     *
     * @param name of the master
     */
    public static RedisServer sentinel(String name, RedisServer master) {
        return start(
                freePort(),
                true,
                List.of(
                        "sentinel monitor " + name + " 127.0.0.1 " + master.port() + " 1",
                        "sentinel down-after-milliseconds " + name + " 600000",
                        "sentinel failover-timeout " + name + " 3000"));
    }

    /** Starts the servers of a Redis Cluster, one master each, and joins them. */
    public static List<RedisServer> cluster(int count) {
        List<RedisServer> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"));
        }
        int slots = 16_384;
        for (int i = 0; i < count; i++) {
            try (Jedis jedis = servers.get(i).jedis()) {
                jedis.clusterAddSlotsRange(slots * i / count, slots * (i + 1) / count - 1);
                if (i > 0) {
                    jedis.clusterMeet("127.0.0.1", servers.get(0).port());
                }
            }
        }
        for (RedisServer server : servers) {
            try (Jedis jedis = server.jedis()) {
                await(
                        "the cluster to form",
                        () -> jedis.clusterInfo().contains("cluster_state:ok")
                                && jedis.clusterInfo().contains("cluster_known_nodes:" + count));
            }
        }
        return servers;
    }

    private static RedisServer start(int port, boolean sentinel, List<String> configuration, String... options) {
        try {
            Path directory = Files.createTempDirectory("realtime-redis-");
            if (sentinel) {
                List<String> lines = new ArrayList<>(configuration);
                lines.add("sentinel resolve-hostnames no");
                Files.write(directory.resolve("redis.conf"), lines);
            }
            RedisServer server = new RedisServer(port, directory, List.of(options), sentinel);
            Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
            server.startAgain();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens on now. */
    public static int freePort() {
        // a cluster needs the port ten thousand further too
        for (int attempt = 0; attempt < 100; attempt++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = socket.getLocalPort() % 20_000 + 20_000;
                try (ServerSocket own = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                        ServerSocket bus = new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress())) {
                    return own.isBound() && bus.isBound() ? port : freePort();
                }
            } catch (IOException taken) {
                // another one
            }
        }
        throw new IllegalStateException("no free port");
    }

    /** Starts it again on the same port and with the same directory. */
    public synchronized void startAgain() {
        List<String> command = new ArrayList<>();
        command.add(RedisBinary.path().toString());
        if (sentinel) {
            command.add(directory.resolve("redis.conf").toString());
            command.add("--sentinel");
        }
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--dir", directory.toString()));
        if (!sentinel) {
            command.addAll(List.of("--save", ""));
        }
        command.addAll(options);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("a server on port " + port, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("the server ended: " + log());
            }
            try (Jedis jedis = jedis()) {
                return jedis.ping() != null;
            } catch (JedisException e) {
                return String.valueOf(e.getMessage()).contains("NOAUTH");
            }
        });
    }

    /** Has this sentinel make the replica the master, as soon as it can. */
    public void failOver(String name) {
        await("the failover of " + name, () -> {
            try (Jedis jedis = jedis()) {
                jedis.sendCommand(Protocol.Command.SENTINEL, "FAILOVER", name);
                return true;
            } catch (JedisDataException e) { // it does not know a good replica yet
                return false;
            }
        });
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    public int port() {
        return port;
    }

    /** The URL for a client. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** A client of its own, to be closed. */
    public Jedis jedis() {
        return new Jedis(new HostAndPort("127.0.0.1", port), PLAIN);
    }

    /** Ends it without a chance to say or save anything. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stops it where it is: connections stay open, nobody answers. */
    public void stop() {
        signal("STOP");
    }

    /** Lets a stopped one go on. */
    public void proceed() {
        signal("CONT");
    }

    private synchronized void signal(String name) {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("the server does not run");
        }
        try {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + name + " gave " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void await(String what, java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited in vain for " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
