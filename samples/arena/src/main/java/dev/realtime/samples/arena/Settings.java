package dev.realtime.samples.arena;

import dev.realtime.drain.DrainOptions;
import dev.realtime.redis.RedisOptions;
import dev.realtime.transport.Origins;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says, checked.
 *
 * @param port 0 lets the system choose
 * @param metricsPort where operators find metrics; {@link #NO_PORT}: nowhere, 0 lets the system choose
 * @param redis what this node shares with others; null if it is the only one
 * @param node what the page shows as the node's name
 * @param drain how it stops: other nodes take its players over, one after another
 * @param randomSecret whether the secret was made up at the start
 */
record Settings(
        String host,
        int port,
        int metricsPort,
        @Nullable RedisOptions redis,
        String node,
        Secret secret,
        boolean randomSecret,
        Duration token,
        Duration recovery,
        DrainOptions drain,
        Origins origins) {

    static final int SECRET_BYTES = 32;
    static final int NO_PORT = -1;
    private static final Duration HURRY = Duration.ofSeconds(5);

    /** Key bytes that no log and no message shows. */
    record Secret(@SuppressWarnings("ArrayRecordComponent") byte[] bytes) {
        @Override
        public String toString() {
            return "(secret)";
        }
    }

    /** @throws IllegalArgumentException naming the variable, its value and what would be right */
    static Settings from(Map<String, String> environment) {
        String secret = value(environment, "JWT_SECRET");
        RedisOptions redis = redis(environment);
        int port = (int) number(environment, "PORT", 8080, 0, 65_535, "a port; 0 lets the system choose");
        return new Settings(
                host(environment),
                port,
                (int) number(
                        environment,
                        "METRICS_PORT",
                        NO_PORT,
                        0,
                        65_535,
                        "a port for operators; 0 lets the system choose"),
                redis,
                node(environment, redis == null ? "1" : String.valueOf(port)),
                secret(secret),
                secret == null,
                Duration.ofMinutes(number(environment, "TOKEN_MINUTES", 60, 1, 1_440, "how long a login lasts")),
                Duration.ofSeconds(number(
                        environment, "RECOVERY_SECONDS", 120, 0, 604_800, "how long a cut off player can return")),
                drain((int) number(environment, "DRAIN_SECONDS", 30, 0, 3_600, "how long the node takes to stop")),
                origins(environment));
    }

    private static DrainOptions drain(int seconds) {
        return seconds == 0 ? DrainOptions.atOnce(HURRY) : DrainOptions.within(Duration.ofSeconds(seconds));
    }

    private static String host(Map<String, String> environment) {
        String host = value(environment, "HOST");
        if (host == null) {
            return "127.0.0.1";
        }
        try {
            InetAddress.getAllByName(host);
            return host;
        } catch (UnknownHostException e) {
            throw bad("HOST", host, "an address of this machine such as 127.0.0.1, or 0.0.0.0 for all of them");
        }
    }

    /** The value is not repeated: it may hold a password. */
    private static @Nullable RedisOptions redis(Map<String, String> environment) {
        String url = value(environment, "REDIS_URL");
        try {
            return url == null ? null : RedisOptions.of(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "REDIS_URL is not the address of a Redis; it should be such as redis://localhost:6379 or"
                            + " rediss://user:password@host:6379; without it this node is the only one",
                    e);
        }
    }

    private static String node(Map<String, String> environment, String suffix) {
        String node = value(environment, "NODE");
        if (node != null && !node.matches("[A-Za-z0-9._-]{1,32}")) {
            throw bad("NODE", node, "1 to 32 letters, digits, dots, - or _");
        }
        return node == null ? "arena-" + suffix : node;
    }

    private static Secret secret(@Nullable String text) {
        if (text == null) {
            byte[] made = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(made);
            return new Secret(made);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SECRET_BYTES) {
            throw new IllegalArgumentException("JWT_SECRET has " + bytes.length + " bytes, but should have at least "
                    + SECRET_BYTES + "; without it a random one is made at every start");
        }
        return new Secret(bytes);
    }

    private static long number(
            Map<String, String> environment, String name, int otherwise, int least, int most, String meaning) {
        String text = value(environment, name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of range.
        }
        throw bad(name, text, "a whole number from " + least + " to " + most + " (" + meaning + ")");
    }

    private static Origins origins(Map<String, String> environment) {
        String text = value(environment, "ORIGINS");
        if (text == null) {
            return Origins.sameHost();
        }
        if (text.equals("*")) {
            return Origins.any();
        }
        try {
            return Origins.of(
                    Arrays.stream(text.split(",", -1)).map(String::strip).toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw bad("ORIGINS", text, "scheme://host[:port], several divided by commas, or * for every page");
        }
    }

    private static @Nullable String value(Map<String, String> environment, String name) {
        String text = environment.get(name);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static IllegalArgumentException bad(String name, String value, String right) {
        return new IllegalArgumentException(name + " is '" + value + "', but should be " + right);
    }
}
