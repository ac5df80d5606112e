package dev.realtime.benchmarks;

import dev.realtime.benchmarks.load.Crowd;
import dev.realtime.benchmarks.load.LoadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first of several nodes is killed, and all look on: Redis, where its lease ends and is taken over, and the other nodes. User {@code u0} was at the
 * first node, {@code u1} at the second, and so on.
 */
final class NodeDeath {
    /** Sorted by when they end, on the clock of Redis, which is that of this machine. */
    private static final String LIVING = "realtime:{nodes}:living";

    private static final String DEAD = "realtime:{nodes}:dead";
    private static final long UNKNOWN = -1;

    private final Crowd crowd;
    private final ServerProcess killed;
    private final List<ServerProcess> others;
    private final RedisProcess redis;
    private final boolean presence;
    private final int users;
    private final int bereaved;

    // in milliseconds since 1970
    private long noticed = UNKNOWN;
    private long known = UNKNOWN;
    private long takenOver = UNKNOWN;

    /**
     * When it was known.
     *
     * @param leaseMillis from the kill to the end of the lease
     * @param noticedMillis from there until one of the others took it over
     * @param knownMillis from there until all the others knew; NaN if they do not
     * @param takenOverMillis from there until all sessions had a new home
     */
    record Times(double leaseMillis, double noticedMillis, double knownMillis, double takenOverMillis) {}

    NodeDeath(Crowd crowd, List<ServerProcess> servers, RedisProcess redis, boolean presence) {
        this.crowd = crowd;
        this.killed = servers.get(0);
        this.others = new ArrayList<>(servers.subList(1, servers.size()));
        this.redis = redis;
        this.presence = presence;
        this.users = crowd.clients().size();
        this.bereaved = (users + servers.size() - 1) / servers.size();
    }

    Times kill() throws IOException {
        long deadline = Scenario.deadline();
        String name = killed.ask("node", "node ").substring(5);
        try (RedisClient client = redis.client()) {
            long killedAt = System.currentTimeMillis();
            killed.kill();
            String score = client.ask("ZSCORE", LIVING, name);
            if (score == null) {
                throw new LoadException("the killed node had no lease");
            }
            long ends = (long) Double.parseDouble(score);
            List<ServerProcess> ignorant = new ArrayList<>(presence ? others : List.of());
            while (takenOver == UNKNOWN || !ignorant.isEmpty()) {
                crowd.turn(1);
                look(client.ask("ZSCORE", LIVING, name), client.ask("ZSCORE", DEAD, name));
                if (!ignorant.isEmpty() && knows(ignorant.get(0))) {
                    ignorant.remove(0);
                    known = System.currentTimeMillis();
                }
                if (System.nanoTime() > deadline) {
                    throw new LoadException("the others do not agree in time that a node is dead");
                }
            }
            return new Times(
                    ends - killedAt, noticed - ends, known == UNKNOWN ? Double.NaN : known - ends, takenOver - ends);
        }
    }

    private void look(@Nullable String living, @Nullable String dead) {
        if (living == null && noticed == UNKNOWN) {
            noticed = System.currentTimeMillis();
        }
        if (noticed != UNKNOWN && dead == null && takenOver == UNKNOWN) {
            takenOver = System.currentTimeMillis();
        }
    }

    /** One question for one user, until his status has changed; then everybody's is looked at. */
    private boolean knows(ServerProcess node) throws IOException {
        return node.ask("presence u0", "presence ").equals("presence true " + users + " reconnecting")
                && node.ask("statuses", "statuses ").equals("statuses " + (users - bereaved) + " " + bereaved);
    }
}
