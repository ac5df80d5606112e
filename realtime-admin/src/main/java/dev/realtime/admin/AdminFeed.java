package dev.realtime.admin;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.VolatileAudience;
import dev.realtime.spi.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells administrators, wherever they are connected. It looks once a second; what is told may be lost, and a new list of all clients that each node gives its own administrators once a
 * minute makes up for it. While nobody watches nothing is looked at and nothing observed.
 */
final class AdminFeed {
    private static final Duration STATISTICS = Duration.ofSeconds(2);
    private static final Duration SNAPSHOT = Duration.ofMinutes(1);

    private final Realtime realtime;
    private final AdminOptions options;
    private final Namespace admins;
    private final AdminsThere watchers;
    private final SocketWatch sockets;
    private final SocketSnapshot snapshot;
    private final NodeStatistics statistics;
    private @Nullable Watching watching; // null while nobody watches; used in one look at a time
    private Instant statisticsAt = Instant.MIN;
    private Instant snapshotAt = Instant.MIN;

    private record Watching(FeedObserver observer, Registration registration) {}

    AdminFeed(Realtime realtime, AdminOptions options) {
        this.realtime = realtime;
        this.options = options;
        this.admins = realtime.namespace(options.namespace());
        this.watchers = new AdminsThere(admins);
        this.sockets = new SocketWatch(realtime, options.maxSockets());
        this.snapshot = new SocketSnapshot(realtime, admins, sockets, options.maxSockets());
        this.statistics = new NodeStatistics(realtime, options);
    }

    Namespace admins() {
        return admins;
    }

    AdminsThere watchers() {
        return watchers;
    }

    /** This node's clients, for another that has asked for so many. */
    List<ShownSocket> shownToOthers(int most) {
        int asked = Math.max(0, Math.min(most, options.maxSockets()));
        return options.isSummaryOnly() ? List.of() : SocketSnapshot.fitting(sockets.shown(asked));
    }

    Instant now() {
        return realtime.clock().instant();
    }

    /** The clients of all nodes, as far as they are shown. */
    CompletionStage<List<ShownSocket>> snapshot() {
        return snapshot.take();
    }

    /** Called once a second, never beside itself. */
    void look() {
        Instant now = now();
        if (!watchers.areThere(now)) {
            rest();
            return;
        }
        FeedObserver observer = observer(now);
        VolatileAudience all = admins.asVolatile();
        if (!options.isSummaryOnly()) {
            int told = sockets.look(now, observer.reasons(), options.maxEventsPerSecond(), all);
            observer.tell(options.maxEventsPerSecond() - told, sockets, all);
        }
        if (!now.isBefore(statisticsAt)) {
            statisticsAt = now.plus(STATISTICS);
            all.emit(AdminEvents.SERVER_STATS, statistics.since(now, observer.written()));
        }
        if (!options.isSummaryOnly() && !now.isBefore(snapshotAt)) {
            snapshotAt = now.plus(SNAPSHOT);
            tellAgain();
        }
    }

    private FeedObserver observer(Instant now) {
        Watching begun = watching;
        if (begun == null) {
            FeedObserver observer = new FeedObserver(realtime, options);
            begun = new Watching(observer, realtime.observe(observer));
            watching = begun;
            statistics.begin();
            if (!options.isSummaryOnly()) {
                sockets.begin();
            }
            snapshotAt = now.plus(SNAPSHOT);
        }
        return begun.observer();
    }

    private void rest() {
        Watching ended = watching;
        if (ended != null) {
            ended.registration().close();
            watching = null;
            statisticsAt = Instant.MIN;
        }
        sockets.end(); // another node may have asked for them when nobody watched any more
    }

    private void tellAgain() {
        if (admins.sessions().isEmpty()) {
            return;
        }
        var unused = snapshot.take()
                .thenAccept(all -> SocketSnapshot.send(
                        all, some -> admins.local().asVolatile().emit(AdminEvents.ALL_SOCKETS, some)));
    }
}
