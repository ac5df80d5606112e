package dev.realtime.redis.internal.store;

import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Script;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.redis.internal.wire.BadWireException;
import dev.realtime.redis.internal.wire.SessionCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol;

/**
 * Session records where servers of another kind look for them, and beside each, in the same slot, who owns it. What a node is home to
 * stands in a set of its own, which may hold names of sessions that are elsewhere or nowhere: whoever reads it checks.
 */
public final class RedisSessionStore implements SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisSessionStore.class);
    private final BoundedLog lines;

    private static final Script SESSIONS = Script.load(RedisSessionStore.class, "sessions.lua");

    /** How much longer than a record it is remembered who owns it. */
    private static final long OWNER_MILLIS = Duration.ofHours(1).toMillis();

    /** How long it is remembered that a record was removed which no other node has had: the question may come twice. */
    private static final long REMOVED_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final int LOOKED_AT = 256;

    private final Commands commands;
    private final SessionCodec codec;
    private final Supplier<String> epoch;
    private final String prefix;
    private final Executor callbacks;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong longestLife = new AtomicLong();

    /**
     * @param prefix of the records' keys
     * @param epoch the backend's
     * @param callbacks where stages complete
     */
    public RedisSessionStore(
            Commands commands,
            SessionCodec codec,
            String prefix,
            Supplier<String> epoch,
            Executor callbacks,
            BoundedLog lines) {
        this.commands = commands;
        this.codec = codec;
        this.prefix = prefix;
        this.epoch = epoch;
        this.callbacks = callbacks;
        this.lines = lines;
    }

    private List<String> keys(String privateId) {
        String record = prefix + privateId;
        return List.of(record, "realtime:session:{" + record + "}");
    }

    private static String home(String node) {
        return "realtime:node:" + node + ":sessions";
    }

    @Override
    public CompletionStage<Void> save(SessionRecord session, Duration timeToLive) {
        long life = Math.max(1, timeToLive.toMillis());
        longestLife.accumulateAndGet(life, Math::max);
        String node = session.home().node();
        CompletionStage<@Nullable Object> homed = enterHome(node, session.privateId());
        CompletionStage<Boolean> saved = commands.step(
                        SESSIONS,
                        keys(session.privateId()),
                        "save",
                        codec.encode(session),
                        node,
                        session.home().fence(),
                        life,
                        life + OWNER_MILLIS,
                        writes.incrementAndGet(),
                        session.home().since())
                .thenCombine(homed, (reply, nothing) -> Long.valueOf(1).equals(reply));
        return Stages.map(saved, callbacks, stored -> {
            if (!Boolean.TRUE.equals(stored)) {
                throw new FencedException(session.home().fence());
            }
            return null;
        });
    }

    /**
     * A step of its own, because the set may be on another server than the record. It goes first: a name without a record does no harm, a record
     * without a name would be found by nobody.
     */
    private CompletionStage<@Nullable Object> enterHome(String node, String privateId) {
        return commands.step(SESSIONS, List.of(home(node)), "enter", privateId, longestLife.get() + OWNER_MILLIS);
    }

    /** Nobody waits for it: a name too many is struck off by whoever looks. */
    private void leaveHome(@Nullable Object node, String privateId, String newNode) {
        String former = node == null ? "" : RedisConnection.text(node);
        if (!former.isEmpty() && !former.equals(newNode)) {
            commands.step(SESSIONS, List.of(home(former)), "strike", privateId);
        }
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> find(String privateId) {
        return Stages.map(
                commands.step(SESSIONS, keys(privateId), "find"),
                callbacks,
                reply -> Optional.ofNullable(found(privateId, reply)));
    }

    private @Nullable SessionRecord found(String privateId, @Nullable Object reply) {
        if (!(reply instanceof List<?> parts)) {
            return null;
        }
        SessionRecord record = decode(privateId, RedisConnection.text(parts.get(0)));
        if (record == null || RedisConnection.text(parts.get(1)).isEmpty()) {
            return record;
        }
        Home home = holder(parts.get(2), parts.get(3), parts.get(1));
        return record.home().node().isEmpty()
                ? record.home(new Home("", home.since(), home.fence()))
                : record.home(home);
    }

    private static Home holder(Object node, Object since, Object fence) {
        return new Home(
                RedisConnection.text(node),
                Long.parseLong(RedisConnection.text(since)),
                Long.parseLong(RedisConnection.text(fence)));
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claim(String privateId, String node) {
        return claim(privateId, node, "");
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node) {
        return claim(privateId, node, from);
    }

    private CompletionStage<Optional<SessionRecord>> claim(String privateId, String node, String from) {
        CompletionStage<@Nullable Object> homed = enterHome(node, privateId);
        CompletionStage<Optional<SessionRecord>> claimed = commands.step(
                        SESSIONS, keys(privateId), "claim", node, OWNER_MILLIS, from)
                .thenCombine(homed, (reply, nothing) -> Optional.ofNullable(claimed(privateId, node, reply)));
        return Stages.map(claimed, callbacks, record -> record);
    }

    private @Nullable SessionRecord claimed(String privateId, String node, @Nullable Object reply) {
        if (!(reply instanceof List<?> parts)) {
            return null;
        }
        leaveHome(parts.get(3), privateId, node);
        SessionRecord record = decode(privateId, RedisConnection.text(parts.get(0)));
        boolean known = Long.valueOf(1).equals(parts.get(2));
        if (record == null || (!known && !record.home().node().isEmpty())) {
            return null; // one of ours of which Redis forgot the owner: it evicts what it must not
        }
        return record.home(new Home(node, (Long) parts.get(4), (Long) parts.get(1)));
    }

    private @Nullable SessionRecord decode(String privateId, String value) {
        try {
            return codec.decode(privateId, value, epoch.get());
        } catch (BadWireException e) {
            lines.warn(LOG, "", "a session record cannot be read: {}", e.getMessage());
            return null;
        }
    }

    @Override
    public CompletionStage<Removal> remove(String privateId, Home home) {
        return Stages.map(
                commands.step(
                        SESSIONS, keys(privateId), "remove", home.fence(), REMOVED_MILLIS, OWNER_MILLIS, home.node()),
                callbacks,
                reply -> {
                    if (!(reply instanceof List<?> parts)) {
                        return Removal.elsewhere(null);
                    }
                    if (parts.size() == 3) {
                        return Removal.elsewhere(holder(parts.get(0), parts.get(1), parts.get(2)));
                    }
                    leaveHome(parts.get(0), privateId, "");
                    return switch (((Long) parts.get(1)).intValue()) {
                        case 1 -> Removal.REMOVED;
                        case 2 -> Removal.FOREIGN;
                        default -> Removal.FORGOTTEN;
                    };
                });
    }

    @Override
    public CompletionStage<List<SessionRecord>> homedAt(String node, int limit) {
        return Stages.map(look(home(node), node, limit), callbacks, found -> found);
    }

    /** Looks at some names; at others, while none of them is at home, after they have been struck off. */
    private CompletionStage<List<SessionRecord>> look(String home, String node, int limit) {
        int count = Math.max(1, Math.min(limit, LOOKED_AT));
        return commands.send(home, Protocol.Command.SRANDMEMBER, home, count).thenCompose(reply -> {
            if (!(reply instanceof List<?> names) || names.isEmpty()) {
                return CompletableFuture.completedFuture(List.of());
            }
            Set<String> away = new HashSet<>();
            List<SessionRecord> here = new ArrayList<>();
            CompletionStage<List<SessionRecord>> all = CompletableFuture.completedFuture(here);
            for (Object name : names) {
                String privateId = RedisConnection.text(name);
                all = all.thenCombine(commands.step(SESSIONS, keys(privateId), "find"), (collected, found) -> {
                    SessionRecord record = found(privateId, found);
                    if (record != null && record.home().node().equals(node)) {
                        here.add(record);
                    } else {
                        away.add(privateId);
                    }
                    return collected;
                });
            }
            return all.thenCompose(collected -> strike(home, away))
                    .thenCompose(nothing ->
                            here.isEmpty() ? look(home, node, limit) : CompletableFuture.completedFuture(here));
        });
    }

    private CompletionStage<@Nullable Object> strike(String home, Set<String> away) {
        if (away.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<Object> arguments = new ArrayList<>();
        arguments.add(home);
        arguments.addAll(away);
        return commands.send(home, Protocol.Command.SREM, arguments.toArray());
    }
}
