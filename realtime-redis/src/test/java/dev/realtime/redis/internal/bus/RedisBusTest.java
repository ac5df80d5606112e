package dev.realtime.redis.internal.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.RedisUrl;
import dev.realtime.redis.internal.wire.BusCodec;
import dev.realtime.redis.internal.wire.MessageType;
import dev.realtime.redis.server.RedisServer;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Bus;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.Jedis;

/** The bus on a real Redis. */
class RedisBusTest {
    private static final Duration LONG = Duration.ofSeconds(30);

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

    private BusHub hub(String url, boolean sharded) {
        BusHub hub = new BusHub(
                new Connector(RedisUrl.parse(url), Duration.ofSeconds(2), null, null),
                new Channels("socket.io"),
                sharded,
                new BoundedLog(System::nanoTime));
        open.add(hub);
        return hub;
    }

    private BusHub hub() {
        return hub(redis.url(), false);
    }

    /** A node that remembers what it hears. */
    private static final class Node {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final Bus bus;

        Node(BusHub hub, String namespace, String name) {
            bus = hub.open(namespace, name);
            bus.subscribe((from, message) -> heard.add(from + ": " + describe(message)));
        }

        private static String describe(BusMessage message) {
            return message instanceof BusMessage.ServerEvent event
                    ? new String(event.event().json(), UTF_8)
                    : message.toString();
        }

        String next() throws InterruptedException {
            return heard.poll(30, TimeUnit.SECONDS);
        }

        void awaitOthers(int count) {
            await().atMost(LONG)
                    .until(() -> bus.others()
                                    .handle((others, failure) -> failure == null ? others : -1)
                                    .toCompletableFuture()
                                    .get(30, TimeUnit.SECONDS)
                            == count);
        }
    }

    private static BusMessage say(String text) {
        return new BusMessage.ServerEvent(null, new EventData(("[\"" + text + "\"]").getBytes(UTF_8), List.of()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatOneNodeSaysTheOthersHearAndItDoesNot(boolean sharded) throws Exception {
        Node a = new Node(hub(redis.url(), sharded), "/", "a");
        Node b = new Node(hub(redis.url(), sharded), "/", "b");
        Node c = new Node(hub(redis.url(), sharded), "/", "c");
        Node elsewhere = new Node(hub(redis.url(), sharded), "/chat", "b");
        a.awaitOthers(2);
        elsewhere.awaitOthers(0);
        a.bus.publish(say("to-all"));
        a.bus.send("c", say("to-c"));
        b.bus.publish(say("done"));
        assertThat(c.next()).isIn("a: [\"to-all\"]", "b: [\"done\"]");
        List<String> rest = List.of(c.next(), c.next());
        assertThat(rest).contains("a: [\"to-c\"]");
        assertThat(b.next()).isEqualTo("a: [\"to-all\"]");
        assertThat(a.next()).isEqualTo("b: [\"done\"]");
        assertThat(List.of(a.heard.size(), b.heard.size(), c.heard.size(), elsewhere.heard.size()))
                .containsOnly(0);
    }

    @Test
    void messagesOfOneNodeArriveInItsOrder() throws Exception {
        Node a = new Node(hub(), "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        for (int i = 0; i < 5_000; i++) {
            a.bus.publish(say("m" + i));
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(b.next()).isEqualTo("a: [\"m" + i + "\"]");
        }
    }

    @Test
    void aQuestionWaitsUntilItsAnswersCanBeHeard() throws Exception {
        Node b = new Node(hub(), "/", "b");
        b.awaitOthers(0);
        Bus a = hub().open("/", "a");
        BlockingQueue<BusMessage> answers = new LinkedBlockingQueue<>();
        a.subscribe((from, message) -> answers.add(message));
        a.publish(new BusMessage.Fetch("q", Target.EVERYBODY)); // long before Redis has confirmed anything
        assertThat(b.next()).contains("Fetch[id=q");
        b.bus.send("a", new BusMessage.Fetched("q", List.of()));
        assertThat(answers.poll(30, TimeUnit.SECONDS)).isEqualTo(new BusMessage.Fetched("q", List.of()));
    }

    @Test
    void aClosedNodeIsNotCountedAndHearsNothing() throws Exception {
        Node a = new Node(hub(), "/", "a");
        BusHub shared = hub();
        Node b = new Node(shared, "/", "b");
        Node chat = new Node(shared, "/chat", "b");
        a.awaitOthers(1);
        b.bus.close();
        a.awaitOthers(0);
        a.bus.publish(say("x"));
        chat.awaitOthers(0); // a round trip on the same connection
        assertThat(b.heard).isEmpty();
    }

    @Test
    void afterARestartOfRedisEverybodyHearsAgain() throws Exception {
        Node a = new Node(hub(), "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        redis.kill();
        redis.startAgain();
        a.awaitOthers(1);
        b.awaitOthers(1);
        a.bus.publish(say("again"));
        assertThat(b.next()).isEqualTo("a: [\"again\"]");
    }

    @Test
    void aServerThatStandsStillIsNoticedAndHoldsNobodyUp() throws Exception {
        BusHub hub = hub();
        Node a = new Node(hub, "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        redis.stop();
        EventData large = new EventData(("[\"" + "x".repeat(100_000) + "\"]").getBytes(UTF_8), List.of());
        for (int i = 0; i < 1_000; i++) { // more than the queue and the socket take
            a.bus.publish(new BusMessage.ServerEvent(null, large));
        }
        await().atMost(LONG).until(() -> hub.dropped() > 0);
        redis.proceed();
        a.awaitOthers(1);
        b.awaitOthers(1);
        await().atMost(LONG).until(() -> {
            a.bus.publish(say("still here"));
            return b.heard.contains("a: [\"still here\"]");
        });
    }

    @Test
    void aNewServerOfAnotherKindIsGreetedAndAGoodbyeIsSaid() throws Exception {
        BlockingQueue<Integer> types = new LinkedBlockingQueue<>();
        BusCodec codec = new BusCodec(new BoundedLog(System::nanoTime));
        BlockingQueue<String> ready = new LinkedBlockingQueue<>();
        BinaryJedisPubSub ear = new BinaryJedisPubSub() {
            @Override
            public void onMessage(byte[] channel, byte[] message) {
                types.add(codec.decode(message).type());
            }

            @Override
            public void onSubscribe(byte[] channel, int count) {
                ready.add("yes");
            }
        };
        Jedis listening = redis.jedis();
        Thread thread = new Thread(() -> listening.subscribe(ear, "socket.io#/#".getBytes(UTF_8)));
        thread.setDaemon(true);
        thread.start();
        assertThat(ready.poll(30, TimeUnit.SECONDS)).isNotNull();
        Node a = new Node(hub(), "/", "a");
        assertThat(types.poll(30, TimeUnit.SECONDS)).isEqualTo(MessageType.INITIAL_HEARTBEAT);
        try (Jedis jedis = redis.jedis()) {
            jedis.publish("socket.io#/#".getBytes(UTF_8), codec.encode("node", "/", MessageType.INITIAL_HEARTBEAT));
        }
        assertThat(types.poll(30, TimeUnit.SECONDS)).isEqualTo(MessageType.INITIAL_HEARTBEAT);
        assertThat(types.poll(30, TimeUnit.SECONDS)).isEqualTo(MessageType.HEARTBEAT);
        a.bus.close();
        assertThat(types.poll(30, TimeUnit.SECONDS)).isEqualTo(MessageType.ADAPTER_CLOSE);
        ear.unsubscribe();
        thread.join(30_000);
        listening.close();
    }

    @Test
    void aNamespaceThatBeginsAgainBeforeItsFormerSelfHasClosedHears() throws Exception {
        BusHub hub = hub();
        Node former = new Node(hub, "/match", "a");
        Node b = new Node(hub(), "/match", "b");
        former.awaitOthers(1);
        Node again = new Node(hub, "/match", "a");
        former.bus.close();
        again.awaitOthers(1);
        b.bus.publish(say("hello"));
        assertThat(again.next()).isEqualTo("b: [\"hello\"]");
    }

    @Test
    void aSecondNodeCannotTakeTheChannelOfAnother() throws Exception {
        BusHub hub = hub();
        Node a = new Node(hub, "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        assertThatThrownBy(() -> new Node(hub, "/", "c"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a backend of its own");
        b.bus.publish(say("hello"));
        assertThat(a.next()).isEqualTo("b: [\"hello\"]");
    }

    @ParameterizedTest
    @CsvSource({"/a#b, c", "/a, b#c", "#/a, b", "/a, #"})
    void aNameWithTheMarkThatDividesNamesIsRefused(String namespace, String node) {
        BusHub hub = hub();
        assertThatThrownBy(() -> new Node(hub, namespace, node))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'#'");
    }

    @Test
    void aNodeWhoseNameIsTwoNamesIsNotAnswered() throws Exception {
        Node a = new Node(hub(), "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        try (Jedis jedis = redis.jedis()) {
            jedis.publish(
                    "socket.io#/#".getBytes(UTF_8),
                    new BusCodec(new BoundedLog(System::nanoTime)).encode("b#/#a", "/", say("from two")));
        }
        b.bus.publish(say("fine"));
        assertThat(a.next()).isEqualTo("b: [\"fine\"]");
    }

    @Test
    void rubbishOnAChannelDisturbsNobody() throws Exception {
        Node a = new Node(hub(), "/", "a");
        Node b = new Node(hub(), "/", "b");
        a.awaitOthers(1);
        try (Jedis jedis = redis.jedis()) {
            jedis.publish("socket.io#/#", "rubbish");
            jedis.publish(
                    "socket.io#/#".getBytes(UTF_8),
                    new BusCodec(new BoundedLog(System::nanoTime)).encode("x", "/chat", say("wrong namespace")));
        }
        a.bus.publish(say("fine"));
        assertThat(b.next()).isEqualTo("a: [\"fine\"]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onARedisClusterEverybodyIsHeardAndCounted(boolean sharded) throws Exception {
        List<RedisServer> cluster = RedisServer.cluster(3);
        open.addAll(cluster);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node(hub("redis-cluster://127.0.0.1:" + cluster.get(i).port(), sharded), "/", "n" + i));
        }
        nodes.get(0).awaitOthers(2);
        nodes.get(1).bus.publish(say("to-all"));
        nodes.get(1).bus.send("n2", say("to-n2"));
        assertThat(nodes.get(0).next()).isEqualTo("n1: [\"to-all\"]");
        assertThat(List.of(nodes.get(2).next(), nodes.get(2).next()))
                .containsExactlyInAnyOrder("n1: [\"to-all\"]", "n1: [\"to-n2\"]");
    }
}
