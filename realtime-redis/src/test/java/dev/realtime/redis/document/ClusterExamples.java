package dev.realtime.redis.document;

import dev.realtime.Event;
import dev.realtime.Online;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.SessionView;
import dev.realtime.redis.RealtimePublisher;
import dev.realtime.redis.RedisBackend;
import dev.realtime.redis.RedisOptions;
import dev.realtime.standalone.StandaloneServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The code of docs/cluster.md and docs/relay.md. */
final class ClusterExamples {
    record Said(String from, String text) {}

    record Maintenance(int minutes) {}

    record Load(String node, int players) {}

    static final Event<String> SAY = Event.of("chat:say", String.class);
    static final Event<Said> SAID = Event.of("chat:said", Said.class);
    static final Event<Maintenance> MAINTENANCE = Event.of("maintenance", Maintenance.class);
    static final Request<String, Load> LOAD = Request.of("load", String.class, Load.class);

    private ClusterExamples() {}

    static StandaloneServer open(int port, String redis) {
        Realtime realtime = Realtime.builder()
                .backend(RedisBackend.connect(redis)) // redis://localhost:6379
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onConnect(session -> session.join("zone:tavern"))
                                .on(
                                        SAY,
                                        (session, text) ->
                                                session.room("zone:tavern").emit(SAID, new Said(session.id(), text))))
                .build();
        return StandaloneServer.start(realtime, port);
    }

    static RedisBackend tuned() {
        return RedisBackend.connect(RedisOptions.of("rediss-sentinel://game:secret@s1:26379,s2:26379,s3:26379/main")
                .sentinelPassword("another secret")
                .appendDeadline(Duration.ofSeconds(3)) // how long an event may wait for Redis
                .appendQueueEntries(20_000) // and how many may wait
                .appendQueueBytes(32L << 20)
                .streamCount(4) // namespaces spread over four streams
                .shardedPubSub(true)); // Redis 7
    }

    static RealtimeBuilder behindABalancerThatKeepsClients(String redis) {
        return Realtime.builder()
                .backend(RedisBackend.connect(redis))
                .relay(false) // where the balancer keeps each client on a node
                .saturationHeader("X-Saturation");
    }

    static CompletionStage<List<SessionView>> inTheTavern(Realtime realtime) {
        return realtime.namespace("/").room("zone:tavern").fetch().thenApply(fetched -> {
            if (!fetched.complete()) {
                System.out.println(fetched.missingNodes() + " nodes did not answer; there may be more players");
            }
            return fetched.sessions();
        });
    }

    static CompletionStage<Map<String, Long>> openLobbies(Realtime realtime) {
        return realtime.namespace("/")
                .fetch()
                .thenApply(fetched -> fetched.sessions().stream()
                        .flatMap(session -> session.rooms().stream())
                        .filter(room -> room.kind().equals("lobby"))
                        .collect(Collectors.groupingBy(RoomKey::name, Collectors.counting())));
    }

    static CompletionStage<Boolean> mayBeInvited(Realtime realtime, String user) {
        return realtime.namespace("/").online(user).thenApply(online -> online == Online.YES);
    }

    static Realtime withNews(String redis) {
        return Realtime.builder()
                .backend(RedisBackend.connect(redis))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onServer(
                                        MAINTENANCE,
                                        (node, news) ->
                                                System.out.println("we close in " + news.minutes() + " minutes"))
                                .onServer(LOAD, (node, question) -> new Load("arena-2", 17)))
                .build();
    }

    static CompletionStage<List<Load>> ask(Realtime realtime) {
        realtime.namespace("/").serverEmit(MAINTENANCE, new Maintenance(10));
        return realtime.namespace("/")
                .serverRequest(LOAD, "now", Duration.ofSeconds(2))
                .thenApply(replies -> replies.answers());
    }

    static void announce(String redis) {
        try (RealtimePublisher publisher = RealtimePublisher.connect(redis)) {
            publisher
                    .namespace("/")
                    .room("zone:tavern")
                    .emit(SAID, new Said("the landlord", "last orders!"))
                    .toCompletableFuture()
                    .join();
        }
    }
}
