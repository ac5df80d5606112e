package dev.realtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.Broadcast;
import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.drain.DrainOptions;
import dev.realtime.json.JacksonJson;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.standalone.StandaloneOptions;
import dev.realtime.standalone.StandaloneServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.resps.StreamEntry;

/** Channels of JSON on a real Redis, heard by several nodes. */
class RedisIntakeTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CHANNEL = "game:character_update";

    record Update(String character_id, int level, Optional<String> note) {}

    private static final Event<Update> UPDATE = Event.of(CHANNEL, Update.class).validate(update -> {
        if (update.level() < 0) {
            throw new IllegalArgumentException("level is negative");
        }
    });
    private static final Event<Update> UPDATED = Event.of("game:character_updated", Update.class);
    private static final Event<Integer> LEVEL = Event.of("level", Integer.class);

    private final List<AutoCloseable> open = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        open.add(redis);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private RedisIntakeBuilder builder() {
        return RedisIntake.builder(RedisOptions.of(redis.url()));
    }

    private RedisIntake started(RedisIntakeBuilder builder) {
        RedisIntake intake = builder.start();
        open.add(intake);
        return intake;
    }

    private void publish(String... messages) {
        try (Jedis jedis = redis.jedis()) {
            for (String message : messages) {
                jedis.publish(CHANNEL, message);
            }
        }
    }

    private static String json(int level) {
        return "{\"character_id\":\"c7\",\"level\":" + level + "}";
    }

    private List<String> inTheLog() {
        try (Jedis jedis = redis.jedis()) {
            return jedis.xrange("socket.io", (StreamEntryID) null, null).stream()
                    .map((StreamEntry entry) -> entry.getFields().get("data"))
                    .toList();
        }
    }

    private static void awaitHandled(RedisIntake intake, long count) {
        await().atMost(LONG).untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.handled", count));
    }

    @Test
    void eachNodeHearsEachMessageInOrderAndWhatItEmitsIsInTheLogOnce() {
        List<List<Integer>> heard = new ArrayList<>();
        List<RedisIntake> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Integer> levels = new CopyOnWriteArrayList<>();
            heard.add(levels);
            nodes.add(started(builder().on(UPDATE, (message, update) -> {
                levels.add(update.level());
                Broadcast room = message.namespace("/").room("character:" + update.character_id());
                room.emit(UPDATED, update);
                room.emit(LEVEL, update.level());
            })));
        }
        List<Integer> levels = IntStream.range(0, 200).boxed().toList();
        publish(levels.stream().map(RedisIntakeTest::json).toArray(String[]::new));
        nodes.forEach(node -> awaitHandled(node, 200));
        assertThat(heard).allMatch(levels::equals);
        nodes.forEach(RedisIntake::close);
        List<String> log = inTheLog();
        assertThat(log).hasSize(400);
        for (int i = 0; i < 200; i++) {
            assertThat(log.get(2 * i)).contains("\"level\":" + i + ",");
            assertThat(log.get(2 * i + 1)).contains("[\"level\"," + i + "]");
        }
    }

    @Test
    void connectionsThatBreakAgainAndAgainMakeNoSecondEntryAndNoOtherOrder() {
        List<RedisIntake> nodes = IntStream.range(0, 2)
                .mapToObj(i -> started(builder()
                        .limits(IntakeLimits.DEFAULT.messagesPerSecond(10_000).maxWaiting(2_000))
                        .on(UPDATE, RedisIntakeTest::relay)))
                .toList();
        try (Jedis killer = redis.jedis()) {
            for (int level = 0; level < 1_000; level++) {
                publish(json(level));
                if (level % 20 == 0) {
                    killer.clientKill(new ClientKillParams()
                            .type(ClientType.NORMAL)
                            .skipMe(ClientKillParams.SkipMe.YES)); // those that hear are of another type
                }
            }
        }
        nodes.forEach(node -> awaitHandled(node, 1_000));
        nodes.forEach(RedisIntake::close);
        List<String> log = inTheLog();
        assertThat(log).hasSize(1_000);
        for (int level = 0; level < 1_000; level++) {
            assertThat(log.get(level)).contains("\"level\":" + level + ",");
        }
    }

    @Test
    void aNodeThatLeavesInTheMiddleTakesNoMessageWithIt() {
        List<RedisIntake> nodes = IntStream.range(0, 2)
                .mapToObj(i -> started(builder()
                        .limits(IntakeLimits.DEFAULT.messagesPerSecond(10_000).maxWaiting(2_000))
                        .on(UPDATE, RedisIntakeTest::relay)))
                .toList();
        for (int level = 0; level < 500; level++) {
            publish(json(level));
        }
        Thread leaving = new Thread(nodes.get(0)::close);
        leaving.start();
        for (int level = 500; level < 1_000; level++) {
            publish(json(level));
        }
        awaitHandled(nodes.get(1), 1_000);
        nodes.get(1).close();
        await().atMost(LONG).until(() -> !leaving.isAlive());
        assertThat(inTheLog()).hasSize(1_000);
    }

    @Test
    void clientsOfAllNodesGetItOnce() {
        List<BlockingQueue<String>> clients = new ArrayList<>();
        List<RedisIntake> intakes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Realtime realtime = Realtime.builder()
                    .backend(RedisBackend.connect(redis.url()))
                    .namespace("/", game -> game.allowAnonymous().onConnect(session -> session.join("character:c7")))
                    .build();
            StandaloneServer server = StandaloneServer.start(
                    realtime, StandaloneOptions.DEFAULT.port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
            open.add(server);
            intakes.add(started(builder()
                    .on(
                            UPDATE,
                            (message, update) -> message.namespace("/")
                                    .room("character:" + update.character_id())
                                    .emit(LEVEL, update.level()))));
            clients.add(client(server));
        }
        publish(json(1), json(2));
        intakes.forEach(intake -> awaitHandled(intake, 2));
        publish(json(3));
        for (BlockingQueue<String> client : clients) {
            List<String> events = new ArrayList<>();
            await().atMost(LONG).until(() -> {
                client.drainTo(events);
                return events.stream().anyMatch(event -> event.contains("[\"level\",3"));
            });
            assertThat(events.stream()
                            .filter(event -> event.contains("\"level\""))
                            .map(event -> event.replaceAll("[^0-9]*42[^,]*,(.).*", "$1")))
                    .containsExactly("1", "2", "3");
        }
    }

    /** A client that has joined, and everything that it gets from then on. */
    private static BlockingQueue<String> client(StandaloneServer server) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://localhost:" + server.port() + "/socket.io/?EIO=4&transport=websocket"),
                        new WebSocket.Listener() {
                            @Override
                            public @Nullable CompletionStage<?> onText(
                                    WebSocket from, CharSequence data, boolean last) {
                                heard.add(data.toString());
                                from.request(1);
                                return null;
                            }
                        })
                .join();
        socket.sendText("40", true).join();
        await().atMost(LONG).until(() -> heard.stream().anyMatch(text -> text.startsWith("40")));
        return heard;
    }

    @Test
    void theSameBytesAreOneMessageUnlessTheyHaveIds() {
        RedisIntake plain = started(builder().on(UPDATE, RedisIntakeTest::relay));
        publish(json(1), json(1));
        awaitHandled(plain, 2);
        plain.close();
        assertThat(inTheLog()).hasSize(1);
        RedisIntake withIds =
                started(builder().on(UPDATE, update -> update.note().orElse(""), RedisIntakeTest::relay));
        publish(
                "{\"character_id\":\"c7\",\"level\":2,\"note\":\"a\"}",
                "{\"character_id\":\"c7\",\"level\":2,\"note\":\"b\"}",
                "{\"character_id\":\"c7\",\"level\":3,\"note\":\"b\"}", // said again in other words
                json(4)); // without an id
        awaitHandled(withIds, 3);
        assertThat(withIds.counters()).containsEntry("intake.dropped.invalid", 1L);
        withIds.close();
        assertThat(inTheLog()).hasSize(3);
    }

    private static void relay(IntakeMessage message, Update update) {
        message.namespace("/").emit(UPDATED, update);
    }

    @Test
    void joinsLeavesAndDisconnectsAreDoneOnceToo() {
        List<RedisIntake> nodes = IntStream.range(0, 2)
                .mapToObj(i -> started(builder().on(UPDATE, (message, update) -> {
                    Broadcast user = message.namespace("/").user(update.character_id());
                    user.join("zone:tavern");
                    user.leave("zone:street");
                    user.disconnect(false);
                    message.namespace("/chat").user("x").disconnect(false);
                })))
                .toList();
        publish(json(1));
        nodes.forEach(node -> awaitHandled(node, 1));
        nodes.forEach(RedisIntake::close);
        assertThat(inTheLog()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "{\"character_id\":\"c7\",\"level\":\"3\"}",
                "{\"character_id\":\"c7\",\"level\":1.5}",
                "{\"character_id\":\"c7\",\"level\":1e400}",
                "{\"character_id\":7,\"level\":3}",
                "{\"character_id\":null,\"level\":3}",
                "{\"character_id\":\"c7\",\"level\":3,\"level\":4}",
                "{\"character_id\":\"c7\",\"level\":3} x",
                "{\"character_id\":\"\\ud800\",\"level\":3}",
                "{\"character_id\":\"c7\",\"level\":3,\"other\":{\"_placeholder\":true,\"num\":0}}",
                "{\"character_id\":\"c7\",\"level\":-1}"
            })
    void whatIsNotWhatTheContractSaysIsDropped(String message) {
        List<Update> handled = new CopyOnWriteArrayList<>();
        RedisIntake intake = started(builder().on(UPDATE, (heard, update) -> handled.add(update)));
        publish(message, json(3));
        awaitHandled(intake, 1);
        assertThat(handled).containsExactly(new Update("c7", 3, Optional.empty()));
        assertThat(intake.counters()).containsEntry("intake.dropped.invalid", 1L);
    }

    @Test
    void deepAndHugeMessagesAndBytesThatAreNoTextAreDropped() {
        RedisIntake intake = started(
                builder().limits(IntakeLimits.DEFAULT.maxMessageBytes(100_000)).on(UPDATE, (heard, update) -> {}));
        String deep = "{\"character_id\":\"c7\",\"level\":1,\"note\":" + "[".repeat(40_000) + "]".repeat(40_000) + "}";
        publish(deep, "{\"character_id\":\"" + "x".repeat(200_000) + "\",\"level\":1}");
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(CHANNEL.getBytes(UTF_8), new byte[] {(byte) 0xff, 0, (byte) 0xed});
        }
        publish(json(1));
        awaitHandled(intake, 1);
        assertThat(intake.counters())
                .containsEntry("intake.dropped.invalid", 2L)
                .containsEntry("intake.dropped.too_large", 1L);
    }

    @Test
    void aFloodIsDroppedAndDoesNotFloodTheLog() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            RedisIntake intake = started(
                    builder().limits(IntakeLimits.DEFAULT.messagesPerSecond(10)).on(UPDATE, (heard, update) -> {}));
            publish(IntStream.range(0, 5_000).mapToObj(i -> "broken").toArray(String[]::new));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.heard", 5_000L));
            assertThat(intake.counters().get("intake.dropped.too_many")).isGreaterThan(4_000);
            assertThat(intake.counters().get("log.lines.omitted")).isPositive();
            intake.close();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8).lines().filter(line -> line.contains(CHANNEL)))
                .isNotEmpty()
                .hasSizeLessThan(50);
    }

    @Test
    void aHandlerThatBlocksHoldsUpItsChannelAlone() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        RedisIntake intake = started(builder()
                .limits(IntakeLimits.DEFAULT.maxWaiting(10))
                .on(UPDATE, (message, update) -> release.await())
                .on(LEVEL, (message, level) -> other.countDown()));
        publish(IntStream.range(0, 20).mapToObj(RedisIntakeTest::json).toArray(String[]::new));
        try (Jedis jedis = redis.jedis()) {
            jedis.publish("level", "3");
        }
        assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(LONG).until(() -> intake.counters().get("intake.dropped.queue_full") >= 9);
        release.countDown();
        await().atMost(LONG).until(() -> intake.counters().get("intake.handled") >= 11);
    }

    @Test
    void whatAHandlerCannotReadIsItsFailureAndNotTheMessages() {
        RedisIntake intake = started(builder()
                .on(UPDATE, (message, update) -> JacksonJson.codec().decode("{", List.of(), Update.class)));
        publish(json(1));
        await().atMost(LONG).untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.failed", 1L));
        assertThat(intake.counters()).containsEntry("intake.dropped.invalid", 0L);
    }

    @Test
    void aHandlerThatEmitsWhereNoNamespaceIsHarmsNobody() {
        Realtime realtime = Realtime.builder()
                .backend(RedisBackend.connect(redis.url()))
                .namespace("/", game -> game.allowAnonymous())
                .build();
        StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.port(0).drain(DrainOptions.atOnce(Duration.ofSeconds(10))));
        open.add(server);
        BlockingQueue<String> client = client(server);
        RedisIntake intake = started(builder().on(UPDATE, (message, update) -> {
            message.namespace("/nowhere").emit(LEVEL, 1);
            message.namespace("/").emit(LEVEL, 2);
            message.namespace("no name");
        }));
        publish(json(1));
        await().atMost(LONG).untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.failed", 1L));
        List<String> events = new ArrayList<>();
        await().atMost(LONG).until(() -> {
            client.drainTo(events);
            return events.stream().anyMatch(event -> event.contains("[\"level\",2"));
        });
        assertThat(events).noneMatch(event -> event.contains("[\"level\",1"));
    }

    @Test
    void twoIntakesOfOneProcessAreTwoNodesToEachOther() {
        RedisIntake one = started(builder().on(UPDATE, RedisIntakeTest::relay));
        RedisIntake two = started(builder().on(UPDATE, RedisIntakeTest::relay).on(LEVEL, (message, level) -> {}));
        publish(json(1));
        awaitHandled(one, 1);
        awaitHandled(two, 1);
        one.close();
        one.close();
        publish(json(2));
        awaitHandled(two, 2);
        two.close();
        assertThat(inTheLog()).hasSize(2);
    }

    @Test
    void redisThatIsAwayAtTheStartIsSaid() {
        redis.kill();
        assertThatThrownBy(() -> builder().on(UPDATE, RedisIntakeTest::relay).start())
                .isInstanceOf(BackendUnavailableException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("intake"));
    }

    @Test
    void whatIsDoneOnceIsDoneByTheHandlerAlone() {
        AtomicReference<Broadcast> kept = new AtomicReference<>();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        RedisIntake intake = started(builder().on(UPDATE, (message, update) -> {
            Broadcast everybody = message.namespace("/");
            kept.set(everybody);
            Thread another = new Thread(() -> {
                try {
                    everybody.emit(UPDATED, update);
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            });
            another.start();
            another.join();
            everybody.asVolatile();
        }));
        publish(json(1));
        await().atMost(LONG).untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.failed", 1L));
        assertThat(thrown).hasSize(1);
        assertThatThrownBy(() -> kept.get().emit(UPDATED, new Update("c7", 1, Optional.empty())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before it returns");
        assertThat(inTheLog()).isEmpty();
    }

    @Test
    void whatWasKeptOfAMessageIsOfNoUseToTheNext() {
        AtomicReference<Broadcast> kept = new AtomicReference<>();
        RedisIntake intake = started(builder().on(UPDATE, (message, update) -> {
            Broadcast former = kept.getAndSet(message.namespace("/"));
            if (former != null) {
                former.emit(UPDATED, update); // on the same thread, which is the channel's only one
            }
        }));
        publish(json(1), json(2));
        await().atMost(LONG).untilAsserted(() -> assertThat(intake.counters()).containsEntry("intake.failed", 1L));
        assertThat(inTheLog()).isEmpty();
    }

    @Test
    void itHearsAgainAfterARestartOfRedis() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        RedisIntake intake = started(builder().on(UPDATE, (message, update) -> {
            heard.add(update.level());
            relay(message, update);
        }));
        publish(json(1));
        awaitHandled(intake, 1);
        redis.kill();
        await().atMost(LONG).until(() -> !intake.isHearing());
        redis.startAgain();
        publish(json(2)); // nobody hears it, or somebody does
        await().atMost(LONG).until(intake::isHearing);
        publish(json(3));
        await().atMost(LONG).until(() -> heard.contains(3));
        intake.close();
        assertThat(inTheLog()).anyMatch(entry -> entry.contains("\"level\":3"));
    }

    @Test
    void whatAPublisherPublishesOthersHearAsJson() {
        record Published(String character_id, Update update_data, Instant timestamp, String server_id) {}
        Event<Update> out = Event.of(CHANNEL, Update.class)
                .envelope(
                        (envelope, update) -> new Published(update.character_id(), update, envelope.time(), "arena-2"));
        List<Published> heard = new CopyOnWriteArrayList<>();
        started(builder().on(Event.of(CHANNEL, Published.class), (message, published) -> heard.add(published)));
        try (RealtimePublisher publisher = RealtimePublisher.connect(redis.url())) {
            publisher
                    .publish(out, new Update("c\"7", 3, Optional.of("ünï")))
                    .toCompletableFuture()
                    .join();
            await().atMost(LONG).until(() -> heard.size() == 1);
            Published published = heard.get(0);
            assertThat(published.server_id()).isEqualTo("arena-2");
            assertThat(published.update_data()).isEqualTo(new Update("c\"7", 3, Optional.of("ünï")));
            assertThat(published.timestamp()).isAfter(Instant.EPOCH);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> publisher.publish(Event.of("x"), null))
                    .withMessageContaining("one argument");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> publisher.publish(Event.of("x", byte[].class), new byte[] {1}))
                    .withMessageContaining("binary");
        }
    }

    @Test
    void anEventsNameIsCutOffWhateverItHolds() {
        Event<String> odd = Event.of("a\"b\\", String.class);
        List<String> heard = new CopyOnWriteArrayList<>();
        started(builder().on(odd, (message, text) -> heard.add(text)));
        try (RealtimePublisher publisher = RealtimePublisher.connect(redis.url())) {
            publisher.publish(odd, "x\"]").toCompletableFuture().join();
            await().atMost(LONG).until(() -> heard.equals(List.of("x\"]")));
        }
    }

    @Test
    void inARedisClusterToo() {
        List<RedisServer> servers = RedisServer.cluster(2);
        open.addAll(servers);
        String url = "redis-cluster://127.0.0.1:" + servers.get(0).port();
        List<RedisIntake> nodes = IntStream.range(0, 2)
                .mapToObj(i -> started(RedisIntake.builder(url).on(UPDATE, RedisIntakeTest::relay)))
                .toList();
        try (Jedis jedis = servers.get(1).jedis()) {
            jedis.publish(CHANNEL, json(1));
        }
        nodes.forEach(node -> awaitHandled(node, 1));
        nodes.forEach(RedisIntake::close);
        long entries = 0;
        for (RedisServer server : servers) {
            try (Jedis jedis = server.jedis()) {
                entries += jedis.keys("socket.io").isEmpty() ? 0 : jedis.xlen("socket.io");
            }
        }
        assertThat(entries).isEqualTo(1);
    }

    @Test
    void theRightsOfANodeAndTheChannelsSuffice() {
        try (Jedis jedis = redis.jedis()) {
            String rights =
                    "~socket.io* ~sio:session:* ~realtime:* &socket.io* +@read +@write +@stream +@scripting +@pubsub"
                            + " +@connection +info +client|kill +config|get +cluster|slots +time &game:*";
            List<String> rules = new ArrayList<>(List.of("on", ">secret", "resetchannels"));
            rules.addAll(List.of(rights.split(" ")));
            jedis.aclSetUser("node", rules.toArray(String[]::new));
        }
        RedisIntake intake = started(RedisIntake.builder("redis://node:secret@127.0.0.1:" + redis.port())
                .on(UPDATE, RedisIntakeTest::relay));
        publish(json(1));
        awaitHandled(intake, 1);
        intake.close();
        assertThat(inTheLog()).hasSize(1);
    }

    @Test
    void whoMayNotSubscribeIsToldSo() {
        try (Jedis jedis = redis.jedis()) {
            jedis.aclSetUser("shop", "on", ">secret", "~*", "resetchannels", "&other", "+@all");
        }
        String url = "redis://shop:secret@127.0.0.1:" + redis.port();
        assertThatThrownBy(() -> RedisIntake.builder(RedisOptions.of(url).appendDeadline(Duration.ofMillis(300)))
                        .on(UPDATE, (message, update) -> {})
                        .start())
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("hear its channels")
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatCannotWorkIsSaidBeforeItStarts() {
        IntakeHandler<Object> none = (message, payload) -> {};
        assertThatIllegalArgumentException().isThrownBy(() -> builder().start()).withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().on(Event.of("x"), none))
                .withMessageContaining("no argument");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().on(Event.ofArguments("x", Update.class), none))
                .withMessageContaining("several");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().on(UPDATE, none).on(UPDATE, none))
                .withMessageContaining("already");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder().on(Event.of("x", Thread.class), none).start());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IntakeLimits.DEFAULT.maxMessageBytes(1))
                .withMessage("IntakeLimits.maxMessageBytes must be between 64 and 16777216, but is 1");
    }
}
