package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.ErrorReplies;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.spi.Home;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The steps of {@code sessions.lua}, as the script describes them, and the set of what each node is home to. Where one server has all keys, a session
 * and its name go to another home in one step. In a Redis Cluster the sets are on other servers than the records. A name is then entered before the
 * record names that home, since a record without a name would be found by nobody, and struck off its former home behind that. Thread-safe.
 */
final class SessionSteps {
    private static final Script SESSIONS = Script.load(SessionSteps.class, "sessions.lua");

    /** How much longer than a record it is remembered who owns it. */
    private static final long OWNER_MILLIS = Duration.ofHours(1).toMillis();

    /** How long it is remembered that a record was removed which no other node has had: the question may come twice. */
    private static final long REMOVED_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final String ELSEWHERE = "";

    private final Commands commands;
    private final String prefix;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong longestLife = new AtomicLong();
    private volatile boolean isOneServer;

    /** @param prefix of the records' keys */
    SessionSteps(Commands commands, String prefix) {
        this.commands = commands;
        this.prefix = prefix;
        this.isOneServer = commands.isOneServer();
    }

    /** The key of the set of what a node is home to. */
    static String home(String node) {
        return "realtime:node:" + node + ":sessions";
    }

    private List<String> keys(String privateId) {
        String record = prefix + privateId;
        return List.of(record, "realtime:session:{" + record + "}");
    }

    private List<String> keys(String privateId, String node, Object set) {
        List<String> keys = new ArrayList<>(keys(privateId));
        if (!set.equals(ELSEWHERE)) {
            keys.add(home(node));
        }
        return keys;
    }

    CompletionStage<@Nullable Object> find(String privateId) {
        return commands.step(SESSIONS, keys(privateId), "find");
    }

    /** A record is the node's that lives so long; the set of what the node is home to lives longer. */
    void keeps(Duration left) {
        longestLife.accumulateAndGet(left.toMillis(), Math::max);
    }

    CompletionStage<@Nullable Object> save(String privateId, Home home, String value, String client, long life) {
        longestLife.accumulateAndGet(life, Math::max);
        CompletionStage<@Nullable Object> entered = enter(home.node(), privateId);
        CompletionStage<@Nullable Object> saved = commands.step(
                SESSIONS,
                keys(privateId),
                "save",
                value,
                home.node(),
                home.fence(),
                life,
                life + OWNER_MILLIS,
                writes.incrementAndGet(),
                home.since(),
                client);
        return saved.thenCombine(entered, (reply, nothing) -> reply);
    }

    /**
     * Claims a session that is known to be a client's, and looks at any other. In a Redis Cluster it looks at all of them, since each claim would enter a
     * name that may be nobody's.
     */
    CompletionStage<@Nullable Object> claimOrLook(String privateId, String node, String client) {
        return isOneServer
                ? elseApart(claim(privateId, node, "", client, setLife()), () -> find(privateId))
                : find(privateId);
    }

    /** @param from the home that the session must have; empty for any */
    CompletionStage<@Nullable Object> claim(String privateId, String node, String from) {
        return isOneServer
                ? elseApart(claim(privateId, node, from, "", setLife()), () -> claimApart(privateId, node, from))
                : claimApart(privateId, node, from);
    }

    private CompletionStage<@Nullable Object> claim(
            String privateId, String node, String from, String client, Object setLife) {
        return commands.step(
                SESSIONS,
                keys(privateId, node, setLife),
                "claim",
                node,
                OWNER_MILLIS,
                from,
                client,
                privateId,
                setLife);
    }

    private CompletionStage<@Nullable Object> claimApart(String privateId, String node, String from) {
        CompletionStage<@Nullable Object> entered = enter(node, privateId);
        return claim(privateId, node, from, "", ELSEWHERE).thenCombine(entered, (reply, nothing) -> {
            if (reply instanceof List<?> parts
                    && !RedisConnection.text(parts.get(4)).equals(node)) {
                strike(RedisConnection.text(parts.get(4)), privateId);
            }
            return reply;
        });
    }

    CompletionStage<@Nullable Object> remove(String privateId, Home home) {
        return isOneServer
                ? elseApart(remove(privateId, home, 1), () -> removeApart(privateId, home))
                : removeApart(privateId, home);
    }

    private CompletionStage<@Nullable Object> remove(String privateId, Home home, Object hasSet) {
        return commands.step(
                SESSIONS,
                keys(privateId, home.node(), hasSet),
                "remove",
                home.fence(),
                REMOVED_MILLIS,
                OWNER_MILLIS,
                home.node(),
                privateId,
                hasSet);
    }

    private CompletionStage<@Nullable Object> removeApart(String privateId, Home home) {
        return remove(privateId, home, ELSEWHERE).thenApply(reply -> {
            if (reply instanceof List<?> parts && parts.size() == 2) {
                strike(RedisConnection.text(parts.get(0)), privateId);
            }
            return reply;
        });
    }

    private CompletionStage<@Nullable Object> enter(String node, String privateId) {
        return commands.step(SESSIONS, List.of(home(node)), "enter", privateId, setLife());
    }

    /** Nobody waits for it: a name too many is struck off by whoever looks. */
    private void strike(String node, String privateId) {
        if (!node.isEmpty()) {
            commands.step(SESSIONS, List.of(home(node)), "strike", privateId);
        }
    }

    private long setLife() {
        return longestLife.get() + OWNER_MILLIS;
    }

    /** A cluster behind one address has refused the step as a whole. */
    private CompletionStage<@Nullable Object> elseApart(
            CompletionStage<@Nullable Object> step, Supplier<CompletionStage<@Nullable Object>> apart) {
        return step.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof JedisDataException refused && ErrorReplies.isAcrossSlots(refused)) {
                isOneServer = false;
                return apart.get();
            }
            return CompletableFuture.failedFuture(failure);
        });
    }
}
