package dev.realtime.redis.internal.store;

import dev.realtime.Principal;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.connection.Stages;
import dev.realtime.redis.internal.wire.BadWireException;
import dev.realtime.redis.internal.wire.SessionCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Claimant;
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
    private static final int LOOKED_AT = 256;

    /** What a look returns has so many parts, what a claim returns has more. */
    private static final int LOOK = 4;

    private final Commands commands;
    private final SessionSteps steps;
    private final SessionCodec codec;
    private final Supplier<String> epoch;
    private final Executor callbacks;
    private final BoundedLog lines;

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
        this.steps = new SessionSteps(commands, prefix);
        this.epoch = epoch;
        this.callbacks = callbacks;
        this.lines = lines;
    }

    @Override
    public CompletionStage<Void> save(SessionRecord session, Duration timeToLive) {
        CompletionStage<@Nullable Object> saved = steps.save(
                session.privateId(),
                session.home(),
                codec.encode(session),
                ownerOf(session),
                Math.max(1, timeToLive.toMillis()));
        return Stages.map(saved, callbacks, reply -> {
            if (!Long.valueOf(1).equals(reply)) {
                throw new FencedException(session.home().fence());
            }
            return null;
        });
    }

    /** Who may have the session, as Redis can compare it; empty if the record does not say. */
    private static String ownerOf(SessionRecord session) {
        Principal principal = session.principal();
        return principal == null || session.namespace().isEmpty()
                ? ""
                : text(Claimant.of(session.namespace(), principal));
    }

    private static String text(Claimant client) {
        String user = client.user();
        return (user == null ? "-" : user.length() + ":" + user) + client.namespace();
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> find(String privateId) {
        return Stages.map(steps.find(privateId), callbacks, reply -> Optional.ofNullable(found(privateId, reply)));
    }

    private @Nullable SessionRecord found(String privateId, @Nullable Object reply) {
        if (!(reply instanceof List<?> parts)) {
            return null;
        }
        SessionRecord record = decode(privateId, RedisConnection.text(parts.get(0)));
        if (record == null || RedisConnection.text(parts.get(1)).isEmpty()) {
            return record;
        }
        return record.home(asRecorded(record, holder(parts.get(2), parts.get(3), parts.get(1))));
    }

    private static Home holder(Object node, Object since, Object fence) {
        return new Home(
                RedisConnection.text(node),
                Long.parseLong(RedisConnection.text(since)),
                Long.parseLong(RedisConnection.text(fence)));
    }

    @Override
    public CompletionStage<Claim> claim(String privateId, String node, Claimant client) {
        return Stages.compose(
                steps.claimOrLook(privateId, node, text(client)),
                callbacks,
                reply -> reply instanceof List<?> parts && parts.size() > LOOK
                        ? CompletableFuture.completedFuture(claimed(privateId, node, parts))
                        : claim(privateId, node, client, found(privateId, reply)));
    }

    /** Redis alone cannot say whether it is the client's: a server of another kind has had the session, or an older node has written the record. */
    private CompletionStage<Claim> claim(
            String privateId, String node, Claimant client, @Nullable SessionRecord session) {
        Claim refusal = session == null ? new Claim.Unknown() : client.refusal(session);
        return refusal != null
                ? CompletableFuture.completedFuture(refusal)
                : Stages.map(steps.claim(privateId, node, ""), callbacks, reply -> claimed(privateId, node, reply));
    }

    @Override
    public CompletionStage<Optional<SessionRecord>> claimFrom(String from, String privateId, String node) {
        return Stages.map(
                steps.claim(privateId, node, from),
                callbacks,
                reply -> claimed(privateId, node, reply) instanceof Claim.Granted granted
                        ? Optional.of(granted.session())
                        : Optional.empty());
    }

    private Claim claimed(String privateId, String node, @Nullable Object reply) {
        if (!(reply instanceof List<?> parts)) {
            return new Claim.Unknown();
        }
        SessionRecord record = decode(privateId, RedisConnection.text(parts.get(0)));
        boolean known = !RedisConnection.text(parts.get(5)).isEmpty();
        if (record == null || (!known && !record.home().node().isEmpty())) {
            return new Claim.Unknown(); // one of ours of which Redis forgot the owner: it evicts what it must not
        }
        Duration left = Duration.ofMillis(Math.max(0, (Long) parts.get(3)));
        steps.keeps(left);
        Home former = known ? holder(parts.get(4), parts.get(6), parts.get(5)) : Home.first("");
        return new Claim.Granted(
                record.home(new Home(node, (Long) parts.get(2), (Long) parts.get(1))),
                asRecorded(record, former),
                left);
    }

    /** A record that a server of another kind has written last is at home there, whoever had it before. */
    private static Home asRecorded(SessionRecord record, Home known) {
        return record.home().node().isEmpty() ? new Home("", known.since(), known.fence()) : known;
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
        return Stages.map(steps.remove(privateId, home), callbacks, reply -> {
            if (!(reply instanceof List<?> parts)) {
                return Removal.elsewhere(null);
            }
            if (parts.size() == 3) {
                return Removal.elsewhere(holder(parts.get(0), parts.get(1), parts.get(2)));
            }
            return switch (((Long) parts.get(1)).intValue()) {
                case 1 -> Removal.REMOVED;
                case 2 -> Removal.FOREIGN;
                default -> Removal.FORGOTTEN;
            };
        });
    }

    @Override
    public CompletionStage<List<SessionRecord>> homedAt(String node, int limit) {
        return Stages.map(look(SessionSteps.home(node), node, limit), callbacks, found -> found);
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
                all = all.thenCombine(steps.find(privateId), (collected, found) -> {
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
