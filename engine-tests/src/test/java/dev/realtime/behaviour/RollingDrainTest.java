package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.TICK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.drain.DrainOptions;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Leases;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.InMemoryTransport.UpgradeRefused;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I19 in a deploy: a node says first that it stops, and then its clients go on at other nodes, one after another. */
class RollingDrainTest {
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);
    private static final Request<Text, Text> WORK = Request.of("work", Text.class, Text.class);
    private static final Request<Text, Text> BUSY = Request.of("busy", Text.class, Text.class);
    private static final Duration ANNOUNCED = Duration.ofSeconds(5);
    private static final Duration SPREAD = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int CLIENTS = 30;

    private final List<String> told = new ArrayList<>();
    private CompletableFuture<Text> later = new CompletableFuture<>();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(1)))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onFresh((session, reason) -> told.add("fresh " + reason))
                                .onDisconnect((session, reason) -> told.add("disconnect " + reason))
                                .on(ECHO, (session, text) -> text)
                                .on(WORK, (session, text) -> {
                                    told.add("handled " + text.text());
                                    return text;
                                })
                                .onAsync(BUSY, (session, text) -> {
                                    CompletableFuture<Text> done = new CompletableFuture<>();
                                    var unused = cluster.time().schedule(STEP, () -> {
                                        told.add("handled " + text.text());
                                        done.complete(text);
                                    });
                                    return done;
                                })
                                .onAsync(LATER, (session, text) -> later));
    }

    private Realtime draining() {
        return cluster.node(0).realtime();
    }

    private CompletableFuture<Void> drain() {
        return draining().drain(DrainOptions.DEFAULT).toCompletableFuture();
    }

    private static List<TestClient> crowd(TestCluster at, int size) {
        return IntStream.range(0, size)
                .mapToObj(number -> at.connect(0, "/", "user " + number))
                .toList();
    }

    private static long connected(List<TestClient> clients) {
        return clients.stream().filter(TestClient::isConnected).count();
    }

    private String ready() {
        return new String(
                draining()
                        .pages()
                        .page("/health/ready", false)
                        .toCompletableFuture()
                        .join()
                        .body(),
                StandardCharsets.UTF_8);
    }

    @Test
    void forAWhileTheNodeOnlySaysThatItStops() {
        TestClient ann = cluster.connect(0, "/", "ann");
        CompletableFuture<Void> drained = drain();
        cluster.advance(ANNOUNCED.minus(STEP));
        assertThat(ready()).contains("STOPPING");
        assertThat(draining().isOpen()).isTrue();
        assertThat(cluster.connect(0, "/", "late").isConnected()).isTrue();
        assertThat(ann.request(ECHO, new Text("x"))).isEqualTo(new Text("x"));
        cluster.advance(STEP.multipliedBy(2));
        assertThat(draining().isOpen()).isFalse();
        assertThat(catchThrowableOfType(UpgradeRefused.class, () -> cluster.connect(0, "/", "too late")))
                .isNotNull();
        assertThat(drained).isNotDone();
    }

    @Test
    void thenClientsMoveOneAfterAnother() {
        List<TestClient> clients = crowd(cluster, CLIENTS);
        CompletableFuture<Void> drained = drain();
        cluster.advance(ANNOUNCED.minus(STEP));
        assertThat(connected(clients)).isEqualTo(CLIENTS);
        cluster.advance(STEP);
        List<Long> moments = moments(cluster, clients);
        assertThat(moments).hasSize(CLIENTS);
        assertThat(new HashSet<>(moments)).as("moments").hasSizeGreaterThan(CLIENTS * 2 / 3);
        assertThat(gaps(moments)).as("gaps between them").hasSizeGreaterThan(3);
        cluster.advance(STEP.multipliedBy(2));
        assertThat(drained).as("it does not wait for the deadline").isDone();
    }

    /** The number of the step in which each was closed, in their order. */
    private static List<Long> moments(TestCluster cluster, List<TestClient> clients) {
        List<Long> moments = new ArrayList<>();
        for (long step = 1; step <= SPREAD.dividedBy(STEP); step++) {
            cluster.advance(STEP);
            for (long before = clients.size() - moments.size(); before > connected(clients); before--) {
                moments.add(step);
            }
        }
        return moments;
    }

    private static List<Long> gaps(List<Long> moments) {
        return IntStream.range(1, moments.size())
                .mapToObj(i -> moments.get(i) - moments.get(i - 1))
                .distinct()
                .toList();
    }

    @Test
    void theSameNodesAndClientsGiveTheSameMoments() {
        assertThat(momentsOfAnother()).isEqualTo(momentsOfAnother());
    }

    private List<Long> momentsOfAnother() {
        try (TestCluster another = TestCluster.of(2, this::game).start()) {
            List<TestClient> clients = crowd(another, CLIENTS);
            var unused = another.node(0).realtime().drain(DrainOptions.DEFAULT);
            another.advance(ANNOUNCED);
            return moments(another, clients);
        }
    }

    @Test
    void whoMovesGoesOnAtTheOtherNodeAndMissesNothing() {
        List<TestClient> clients = new ArrayList<>(crowd(cluster, 10));
        clients.add(cluster.client(0).user("poll").polling(true).connect("/"));
        List<String> ids = clients.stream().map(TestClient::id).toList();
        CompletableFuture<Void> drained = drain();
        List<Number> emitted = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            emitted.add(new Number(i));
            cluster.await(cluster.node(i % 2).namespace("/").emit(TICK, new Number(i)));
            cluster.advance(STEP);
            for (TestClient client : clients) {
                if (!client.isConnected()) {
                    client.reconnect(1);
                }
            }
            if (drained.isDone()) {
                break;
            }
        }
        assertThat(drained).isDone();
        cluster.settle();
        assertThat(clients).extracting(TestClient::id).isEqualTo(ids);
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.recovered()).isTrue();
            assertThat(client.received(TICK)).isEqualTo(emitted);
        });
        assertThat(told).isEmpty();
    }

    @Test
    void whatAClientHasSentIsAnsweredBeforeItMoves() {
        List<TestClient> clients = crowd(cluster, 5);
        List<InMemoryConnection> sockets =
                clients.stream().map(TestClient::connection).toList();
        clients.forEach(client -> client.ask(LATER, new Text("x")));
        CompletableFuture<Void> drained = drain();
        cluster.advance(ANNOUNCED.plus(SPREAD).plus(STEP));
        assertThat(connected(clients)).isEqualTo(5);
        assertThat(drained).isNotDone();
        later.complete(new Text("done"));
        cluster.advance(STEP);
        assertThat(connected(clients)).isZero();
        assertThat(sockets).allSatisfy(socket -> assertThat(socket.texts()).anyMatch(text -> text.contains("done")));
        assertThat(drained).isDone();
    }

    /** Each POST that is answered 200 was accepted; one comes every 50 ms until all clients have been asked to move. */
    @Test
    void everyRequestThatWasAcceptedOverPollingIsHandledOnce() {
        List<String> sids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sids.add(handshake());
            post(sids.get(i), "40");
        }
        cluster.settle();
        CompletableFuture<Void> drained = drain();
        List<InMemoryExchange> posts = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            posts.add(post(sids.get(i % 8), "42" + i + "[\"work\",{\"text\":\"" + i + "\"}]"));
            cluster.advance(Duration.ofMillis(50));
        }
        cluster.advance(Duration.ofSeconds(30));
        assertThat(drained).isDone();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < posts.size(); i++) {
            if (posts.get(i).status() == 200) {
                accepted.add("handled " + i);
            }
        }
        assertThat(accepted).hasSizeBetween(100, 440);
        assertThat(told.stream().filter(what -> what.startsWith("handled")))
                .containsAll(accepted)
                .doesNotHaveDuplicates();
    }

    /** Its connection has been closed, and it comes over one that was open before the node let nobody in any more. */
    @Test
    void whoComesBackToTheSameNodeIsHeardThere() {
        List<TestClient> clients = crowd(cluster, 5);
        List<String> others = IntStream.range(0, 20).mapToObj(i -> handshake()).toList();
        var unused = draining().drain(DrainOptions.within(Duration.ofSeconds(6)));
        while (connected(clients) == 5) {
            cluster.advance(STEP);
        }
        TestClient gone = clients.stream()
                .filter(client -> !client.isConnected())
                .findFirst()
                .orElseThrow();
        String user = "user " + clients.indexOf(gone);
        String connect = "40{\"pid\":\"" + gone.privateId().orElseThrow() + "\",\"user\":\"" + user + "\"}";
        String open = others.stream().filter(this::isTaken).findFirst().orElseThrow();
        post(open, connect);
        cluster.settle();
        post(open, "421[\"work\",{\"text\":\"1\"}]");
        cluster.settle();
        assertThat(told).containsExactly("handled 1");
    }

    private boolean isTaken(String sid) {
        InMemoryExchange nothing = post(sid, "6");
        cluster.settle();
        return nothing.status() == 200;
    }

    private InMemoryExchange post(String sid, String body) {
        return cluster.node(0)
                .transport()
                .exchange(request("POST").query("sid", sid).view(), body.getBytes(StandardCharsets.UTF_8));
    }

    private String handshake() {
        InMemoryExchange open =
                cluster.node(0).transport().exchange(request("GET").view(), new byte[0]);
        cluster.settle();
        return open.text().replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
    }

    private static TestRequest request(String method) {
        return TestRequest.of(method, "/socket.io/").query("EIO", "4").query("transport", "polling");
    }

    @Test
    void aHandlerThatNeverEndsHoldsNobodyElseUpAndTheDrainOnlyUntilItsDeadline() {
        TestClient stuck = cluster.connect(0, "/", "stuck");
        List<TestClient> clients = crowd(cluster, 5);
        stuck.ask(LATER, new Text("x"));
        CompletableFuture<Void> drained = drain();
        cluster.advance(ANNOUNCED.plus(SPREAD));
        assertThat(connected(clients)).isZero();
        assertThat(stuck.isConnected()).isTrue();
        cluster.advance(Duration.ofSeconds(12));
        assertThat(stuck.isConnected()).isFalse();
        assertThat(drained).isDone();
    }

    @Test
    void aNodeThatIsAloneStopsAtOnce() {
        TestRealtime alone = TestRealtime.of(this::game);
        alone.start();
        TestClient ann = alone.connect("/", "ann");
        CompletableFuture<Void> drained =
                alone.realtime().drain(DrainOptions.DEFAULT).toCompletableFuture();
        alone.advance(STEP);
        assertThat(ann.isConnected()).isFalse();
        assertThat(drained).isDone();
        alone.close();
    }

    @Test
    void whoIsInAHurryLeavesOutTheAnnouncementAndThePace() {
        List<TestClient> clients = crowd(cluster, 5);
        CompletableFuture<Void> first = drain();
        cluster.advance(STEP);
        CompletableFuture<Void> second = draining().drain(Duration.ofSeconds(2)).toCompletableFuture();
        cluster.advance(STEP);
        assertThat(connected(clients)).isZero();
        assertThat(first).isDone();
        assertThat(second).isDone();
    }

    @Test
    void whoIsInAHurryWhileClientsMoveLeavesOutTheRest() {
        List<TestClient> clients = crowd(cluster, CLIENTS);
        CompletableFuture<Void> first = drain();
        cluster.advance(ANNOUNCED.plusSeconds(1));
        assertThat(connected(clients)).isBetween(CLIENTS * 2 / 3L, CLIENTS - 1L);
        var unused = draining().drain(Duration.ofSeconds(2));
        cluster.advance(STEP);
        assertThat(connected(clients)).isZero();
        assertThat(first).isDone();
    }

    /** It waits for a handler by then, and would do so for half a minute. */
    @Test
    void whoIsInAHurryDoesNotWaitForHandlersLongerThanThat() {
        TestClient stuck = cluster.connect(0, "/", "stuck");
        stuck.ask(LATER, new Text("x"));
        CompletableFuture<Void> first = drain();
        cluster.advance(ANNOUNCED.plus(SPREAD).plus(STEP));
        assertThat(stuck.isConnected()).isTrue();
        var unused = draining().drain(Duration.ofSeconds(2));
        cluster.advance(Duration.ofSeconds(2).plus(STEP));
        assertThat(stuck.isConnected()).isFalse();
        cluster.advance(Duration.ofSeconds(2)); // the last steps have a second each
        assertThat(first).isDone();
    }

    /** Its next event is there before the one before has been handled, so its mailbox is never idle by itself. */
    @Test
    void aClientThatIsNeverQuietMovesTooAndAllThatWasTakenIsAnswered() {
        TestClient busy = cluster.connect(0, "/", "busy");
        InMemoryConnection socket = busy.connection();
        CompletableFuture<Void> drained = drain();
        int sent = 0;
        while (busy.isConnected() && sent < 1_000) {
            busy.ask(BUSY, new Text("" + sent++));
            cluster.advance(STEP.dividedBy(2));
        }
        assertThat(Duration.ofMillis(50L * sent))
                .isBetween(ANNOUNCED, ANNOUNCED.plus(SPREAD).plus(SPREAD.dividedBy(2)));
        cluster.advance(STEP.multipliedBy(3));
        assertThat(drained).isDone();
        assertThat(told).hasSizeGreaterThan(50);
        assertThat(socket.texts().stream().filter(text -> text.startsWith("43")))
                .hasSameSizeAs(told);
    }

    /** Nobody could resume them meanwhile, and this node serves them. */
    @Test
    void nobodyMovesWhileTheBackendIsAway() {
        TestRealtime cut =
                TestRealtime.of(this::game).backend(RollingDrainTest::away).start();
        List<TestClient> clients = IntStream.range(0, 5)
                .mapToObj(number -> cut.connect("/", "user " + number))
                .toList();
        CompletableFuture<Void> drained =
                cut.realtime().drain(DrainOptions.DEFAULT).toCompletableFuture();
        cut.advance(ANNOUNCED.plus(SPREAD.dividedBy(2)));
        assertThat(connected(clients)).isEqualTo(5);
        assertThat(clients.get(0).request(ECHO, new Text("x"))).isEqualTo(new Text("x"));
        cut.advance(SPREAD.dividedBy(2).plusSeconds(2));
        assertThat(connected(clients)).isZero();
        assertThat(drained).isDone();
        cut.close();
    }

    /** Whatever it may say later: the clients' time runs. */
    @Test
    void nobodyWaitsForABackendThatDoesNotSayWhoLives() {
        TestRealtime unsure =
                TestRealtime.of(this::game).backend(RollingDrainTest::silent).start();
        List<TestClient> clients = IntStream.range(0, CLIENTS)
                .mapToObj(number -> unsure.connect("/", "user " + number))
                .toList();
        var unused = unsure.realtime().drain(DrainOptions.DEFAULT);
        unsure.advance(ANNOUNCED.plus(STEP));
        assertThat(unsure.realtime().isOpen()).isFalse();
        unsure.advance(SPREAD.dividedBy(2));
        assertThat(connected(clients)).isBetween(1L, CLIENTS - 1L);
        unsure.advance(SPREAD.dividedBy(2));
        assertThat(connected(clients)).isZero();
        unsure.close();
    }

    /** It has a quarter of a short deadline. */
    @Test
    void ofLittleTimeThatBackendGetsLittle() {
        TestRealtime unsure =
                TestRealtime.of(this::game).backend(RollingDrainTest::silent).start();
        unsure.connect("/", "ann");
        Duration deadline = Duration.ofSeconds(2);
        var unused = unsure.realtime().drain(DrainOptions.within(deadline).announce(Duration.ZERO));
        unsure.advance(deadline.dividedBy(4).minusMillis(1));
        assertThat(unsure.realtime().isOpen()).isTrue();
        unsure.advance(Duration.ofMillis(1));
        assertThat(unsure.realtime().isOpen()).isFalse();
        unsure.close();
    }

    /** The backend as a node sees it that cannot reach it, and does not know who else lives. */
    private static Backend away(Backend backend) {
        return unsure(backend, true, CompletableFuture.failedFuture(new IllegalStateException("away")));
    }

    /** The backend as a node sees it that hears nothing of who else lives. */
    private static Backend silent(Backend backend) {
        return unsure(backend, false, new CompletableFuture<>());
    }

    private static Backend unsure(Backend backend, boolean degraded, CompletableFuture<?> living) {
        Leases leases = as(
                Leases.class,
                (proxy, method, arguments) ->
                        method.getName().equals("living") ? living : method.invoke(backend.leases(), arguments));
        return as(Backend.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "isDegraded" -> degraded;
            case "leases" -> leases;
            default -> method.invoke(backend, arguments);
        });
    }

    private static <T> T as(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void aNodeThatIsCutOffFromTheBackendIsDoneByItsDeadline() {
        List<TestClient> clients = crowd(cluster, 5);
        cluster.node(0).partition();
        CompletableFuture<Void> drained = drain();
        cluster.advance(DrainOptions.DEFAULT.deadline().plusSeconds(8));
        assertThat(connected(clients)).isZero();
        assertThat(drained).isDone();
        cluster.node(0).heal();
    }

    /** Its connection is not closed before it has all that it is owed, or has read nothing for too long. */
    @Test
    void aClientThatReadsNothingIsSentAwayAllTheSame() {
        TestClient deaf = cluster.connect(0, "/", "deaf");
        TestClient poll = cluster.client(0).user("poll").polling(true).connect("/");
        List<TestClient> clients = crowd(cluster, 5);
        deaf.stall();
        poll.loseNetwork();
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(0)));
        CompletableFuture<Void> drained = drain();
        cluster.advance(ANNOUNCED.plus(SPREAD));
        assertThat(connected(clients)).isZero();
        cluster.advance(
                DrainOptions.DEFAULT.deadline().minus(ANNOUNCED).minus(SPREAD).plusSeconds(2));
        assertThat(draining().stats().connections()).isZero();
        assertThat(drained).isDone();
    }

    /** The whole cluster is taken down: clients find nobody until a node has started again. */
    @Test
    void nodesThatAllStopAtTheSameMomentLoseNobody() {
        List<TestClient> clients = new ArrayList<>(crowd(cluster, 5));
        clients.add(cluster.connect(1, "/", "elsewhere"));
        List<CompletionStage<Void>> stopped = cluster.nodes().stream()
                .map(node -> node.beginClose(DrainOptions.DEFAULT))
                .toList();
        cluster.advance(ANNOUNCED);
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(0)));
        cluster.advance(DrainOptions.DEFAULT.deadline());
        assertThat(stopped).allMatch(stage -> stage.toCompletableFuture().isDone());
        assertThat(connected(clients)).isZero();
        cluster.node(0).start();
        cluster.settle();
        clients.forEach(client -> client.reconnect(0));
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.recovered()).isTrue();
            assertThat(client.received(TICK)).containsExactly(new Number(0));
        });
    }

    /** Others have its sessions by then, which a write shows. */
    @Test
    void clientsOfANodeThatWasTakenForDeadAreSentAwayOneAfterAnotherToo() {
        List<TestClient> clients = crowd(cluster, 200);
        cluster.node(0).freeze();
        cluster.advance(Duration.ofSeconds(30));
        cluster.node(0).thaw();
        cluster.advance(STEP);
        assertThat(connected(clients)).isBetween(60L, 140L);
        cluster.advance(STEP.multipliedBy(3));
        assertThat(connected(clients)).isZero();
    }

    /** Those are closed by the same pace who have to begin anew since the history is broken: a thousand a second. */
    @Test
    void clientsOfABrokenHistoryAreSentAwayOneAfterAnotherToo() {
        List<TestClient> clients = crowd(cluster, 200);
        cluster.await(cluster.node(1).namespace("/").emit(TICK, new Number(0)));
        cluster.backend().failover(1);
        cluster.advance(STEP);
        assertThat(connected(clients)).isBetween(60L, 140L);
        cluster.advance(STEP.multipliedBy(2));
        assertThat(connected(clients)).isZero();
    }
}
