package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.state.RoomInfo;
import dev.realtime.state.SharedState;
import dev.realtime.state.State;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateValue;
import dev.realtime.state.StateWrite;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A state is the same on all nodes, its versions come in order, and who watches it sees each once. */
class SharedStateTest {
    record Board(int moves, String last) {}

    record Shown(String gameId, Board gameState, String updatedBy) {}

    private static final RoomKind GAME = RoomKind.named("game");
    private static final State<Board> BOARD = State.of("game", Board.class);
    private static final State<String> SHORT =
            State.of("short", String.class).timeToLive(Duration.ofMinutes(2)).maxBytes(20);
    private static final State<Board> SHAPED = State.of("shaped", Board.class)
            .updates(
                    Event.of("moved", Shown.class),
                    change -> new Shown(
                            change.id(),
                            change.current().value(),
                            change.current().updatedBy()));
    private static final State<Board> JUDGED = State.of("judged", Board.class)
            .authority((key, copies) -> CompletableFuture.completedStage(
                    new StateValue<>(0, new Board(copies.size(), "judge"), "db", Instant.EPOCH)));

    private final List<String> told = new ArrayList<>();
    private final AtomicInteger nodes = new AtomicInteger();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(3, this::game);

    private RealtimeBuilder game() {
        int node = nodes.getAndIncrement();
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .lease(Duration.ofSeconds(5))
                .namespace(
                        "/",
                        game -> game.state(
                                        BOARD,
                                        (namespace, change) ->
                                                told.add(node + " " + change.id() + " " + moves(change.current())))
                                .state(SHORT)
                                .state(SHAPED)
                                .state(JUDGED)
                                .state(RoomInfo.STATE));
    }

    private static int moves(StateValue<Board> value) {
        Board board = value.value();
        return board == null ? -1 : board.moves();
    }

    private <T> SharedState<T> state(int node, State<T> contract) {
        return cluster.node(node).namespace("/").state(contract).of(GAME.of("g7"));
    }

    private SharedState<Board> board(int node) {
        return state(node, BOARD);
    }

    private CompletionStage<StateValue<Board>> begin(int node, String by) {
        return board(node).update(by, now -> now == null ? new Board(1, by) : new Board(now.moves() + 1, by));
    }

    private StateValue<Board> move(int node, String by) {
        return cluster.await(begin(node, by));
    }

    private Session session(int node, TestClient client) {
        return cluster.node(node).namespace("/").find(client.id()).orElseThrow();
    }

    private TestClient watcher(int node, String user) {
        TestClient client = cluster.connect(node, "/", user);
        cluster.await(board(node).watch(session(node, client)));
        return client;
    }

    /** What a client has got, such as {@code update 3}. */
    private static List<String> seen(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().startsWith("game:"))
                .map(SharedStateTest::seen)
                .toList();
    }

    private static String seen(ReceivedEvent event) {
        var members = event.arguments().get(0);
        var state = members.path(event.name().endsWith("resolved") ? "resolvedState" : "state");
        return event.name().substring(event.name().lastIndexOf('-') + 1) + " "
                + (state.isNull() ? "none" : state.path("moves").asText());
    }

    // ---- values

    @Test
    void whatOneNodeWritesAnotherReads() {
        StateValue<Board> written = move(0, "ann");
        StateValue<Board> read = cluster.await(board(1).read());
        assertThat(read).isEqualTo(written);
        assertThat(read.updatedBy()).isEqualTo("ann");
        assertThat(read.value()).isEqualTo(new Board(1, "ann"));
    }

    @Test
    void aFunctionRefusesWhatIsThereAndNotWhatItsNodeHasSeenLast() {
        move(1, "bob");
        move(0, "ann"); // of which the cell at node 1 has not read yet
        StateValue<Board> third = cluster.await(board(1).update("bob", now -> {
            if (now == null || now.last().equals("bob")) {
                throw new IllegalStateException("not your turn");
            }
            return new Board(now.moves() + 1, "bob");
        }));
        assertThat(moves(third)).isEqualTo(3);
        assertThat(cluster.failure(board(0).update("bob", now -> {
                    throw new IllegalStateException("not your turn, " + (now == null ? "" : now.moves()));
                })))
                .hasMessage("not your turn, 3");
    }

    @Test
    void thereIsNothingBeforeTheFirstWrite() {
        StateValue<Board> nothing = cluster.await(board(0).read());
        assertThat(nothing.version()).isZero();
        assertThat(nothing.isPresent()).isFalse();
    }

    @Test
    void aStaleWriteIsRefusedWithWhatIsThere() {
        StateValue<Board> first = move(0, "ann");
        StateValue<Board> second = move(1, "bob");
        StateWrite<Board> stale = cluster.await(board(0).compareAndSet(first.version(), new Board(9, "ann"), "ann"));
        assertThat(stale.isDone()).isFalse();
        assertThat(stale.current()).isEqualTo(second);
        StateWrite<Board> done = cluster.await(board(0).compareAndSet(second.version(), new Board(3, "ann"), "ann"));
        assertThat(done.isDone()).isTrue();
        assertThat(done.current().version()).isGreaterThan(second.version());
        assertThat(cluster.await(board(2).read())).isEqualTo(done.current());
    }

    @Test
    void aFirstValueIsWrittenOnce() {
        assertThat(cluster.await(board(0).compareAndSet(0, new Board(1, "ann"), "ann"))
                        .isDone())
                .isTrue();
        assertThat(cluster.await(board(1).compareAndSet(0, new Board(1, "bob"), "bob"))
                        .isDone())
                .isFalse();
    }

    @Test
    void updatesOfAllNodesAtOnceAllCount() {
        List<CompletionStage<StateValue<Board>>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            all.add(begin(i % 3, "u" + i));
        }
        all.forEach(cluster::await);
        assertThat(moves(cluster.await(board(0).read()))).isEqualTo(12);
    }

    @Test
    void anUpdateThatChangesNothingMakesNoVersion() {
        StateValue<Board> before = move(0, "ann");
        move(1, "bob");
        StateValue<Board> after = cluster.await(board(0).update("ann", now -> now));
        assertThat(moves(after)).isEqualTo(2);
        assertThat(after.version()).isGreaterThan(before.version());
        assertThat(cluster.await(board(2).read())).isEqualTo(after);
    }

    @Test
    void aFunctionThatFailsChangesNothing() {
        StateValue<Board> before = move(0, "ann");
        CompletionStage<StateValue<Board>> failed = board(0).update("ann", now -> {
            throw new IllegalStateException("no such move");
        });
        assertThat(cluster.failure(failed)).hasMessage("no such move");
        assertThat(cluster.await(board(1).read())).isEqualTo(before);
    }

    @Test
    void whatWasRemovedComesBackWithAGreaterVersion() {
        long before = move(0, "ann").version();
        StateValue<Board> removed = cluster.await(board(1).remove("bob"));
        assertThat(removed.isPresent()).isFalse();
        assertThat(removed.version()).isGreaterThan(before);
        StateValue<Board> again = move(2, "cid");
        assertThat(moves(again)).isEqualTo(1);
        assertThat(again.version()).isGreaterThan(removed.version());
    }

    @Test
    void aStateRunsOutUnlessSomebodyWatchesIt() {
        cluster.await(state(0, SHORT).compareAndSet(0, "a", "ann"));
        cluster.advance(Duration.ofSeconds(130));
        assertThat(cluster.await(state(0, SHORT).read()).isPresent()).isFalse();

        cluster.await(state(0, SHORT).compareAndSet(0, "b", "ann"));
        TestClient client = cluster.connect(1, "/", "bob");
        cluster.await(state(1, SHORT).watch(session(1, client)));
        cluster.advance(Duration.ofMinutes(10));
        assertThat(cluster.await(state(0, SHORT).read()).value()).isEqualTo("b");
        assertThat(client.received()).hasSize(1);
    }

    @Test
    void whatIsTooLargeIsNotWritten() {
        assertThatThrownBy(() -> state(0, SHORT).compareAndSet(0, "x".repeat(19), "ann"))
                .hasMessageContaining("has 21 bytes of JSON, and may have 20 (State.maxBytes)");
        CompletionStage<StateValue<String>> update = state(0, SHORT).update("ann", now -> "x".repeat(19));
        assertThat(cluster.failure(update)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutTheStoreNothingIsPretended() {
        move(0, "ann");
        cluster.node(0).partition();
        CompletionStage<StateValue<Board>> update = begin(0, "ann");
        cluster.advance(Duration.ofMinutes(2));
        assertThat(cluster.failure(update))
                .isInstanceOfSatisfying(
                        StateFailedException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(StateFailedException.Reason.UNAVAILABLE));
        cluster.node(0).heal();
        cluster.advance(Duration.ofSeconds(20));
        assertThat(moves(cluster.await(board(1).read()))).isBetween(1, 2);
    }

    // ---- clients

    @Test
    void whoWatchesGetsASnapshotAndThenEachVersionInOrder() {
        move(0, "ann");
        TestClient bob = watcher(1, "bob");
        for (int i = 0; i < 4; i++) {
            move(i % 3, "ann");
        }
        cluster.settle();
        assertThat(seen(bob)).containsExactly("restored 1", "update 2", "update 3", "update 4", "update 5");
    }

    @Test
    void watchingInTheMiddleOfWritesLeavesNoGap() {
        move(0, "ann");
        List<TestClient> clients = new ArrayList<>();
        List<CompletionStage<?>> all = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            all.add(begin(i % 3, "ann"));
            TestClient client = cluster.connect(i % 3, "/", "u" + i);
            clients.add(client);
            all.add(board(i % 3).watch(session(i % 3, client)));
        }
        all.forEach(cluster::await);
        cluster.settle();
        for (TestClient client : clients) {
            List<String> seen = seen(client);
            int first = Integer.parseInt(seen.get(0).substring("restored ".length()));
            List<String> expected = new ArrayList<>(List.of("restored " + first));
            for (int moves = first + 1; moves <= 10; moves++) {
                expected.add("update " + moves);
            }
            assertThat(seen).isEqualTo(expected);
        }
    }

    @Test
    void aStateThatIsNotThereYetIsWatchedWithoutASnapshot() {
        TestClient bob = watcher(1, "bob");
        move(0, "ann");
        cluster.await(board(0).remove("ann"));
        cluster.settle();
        assertThat(seen(bob)).containsExactly("update 1", "update none");
    }

    @Test
    void aResumedSessionGetsWhatItMissedAndNoSnapshot() {
        move(0, "ann");
        TestClient bob = watcher(1, "bob");
        move(0, "ann");
        cluster.settle();
        bob.dropConnection();
        move(0, "ann");
        move(2, "ann");
        bob.reconnect(2);
        move(0, "ann");
        cluster.settle();
        assertThat(bob.recovered()).isTrue();
        assertThat(seen(bob)).containsExactly("restored 1", "update 2", "update 3", "update 4", "update 5");
    }

    @Test
    void whoWatchesNoLongerIsToldNothing() {
        TestClient bob = watcher(1, "bob");
        move(0, "ann");
        cluster.await(board(1).unwatch(session(1, bob)));
        move(0, "ann");
        cluster.await(board(1).watch(session(1, bob)));
        cluster.await(board(1).watch(session(1, bob)));
        move(0, "ann");
        cluster.settle();
        assertThat(seen(bob)).containsExactly("update 1", "restored 2", "update 3");
        assertThat(session(1, bob).rooms()).noneMatch(room -> room.toString().contains("state"));
    }

    @Test
    void aSessionWatchesSoManyStatesAtMost() {
        TestClient bob = cluster.connect(0, "/", "bob");
        for (int i = 0; i < 64; i++) {
            cluster.await(
                    cluster.node(0).namespace("/").state(BOARD).of("s" + i).watch(session(0, bob)));
        }
        assertThat(cluster.failure(board(0).watch(session(0, bob))))
                .isInstanceOfSatisfying(
                        StateFailedException.class,
                        failure ->
                                assertThat(failure.reason()).isEqualTo(StateFailedException.Reason.TOO_MANY_WATCHED));
    }

    @Test
    void theApplicationShapesWhatClientsAreTold() {
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.await(state(1, SHAPED).watch(session(1, bob)));
        cluster.await(state(0, SHAPED).compareAndSet(0, new Board(1, "ann"), "ann"));
        cluster.settle();
        assertThat(bob.received()).singleElement().satisfies(event -> {
            assertThat(event.name()).isEqualTo("moved");
            assertThat(event.arguments().get(0).toString())
                    .isEqualTo(
                            "{\"gameId\":\"g7\",\"gameState\":{\"moves\":1,\"last\":\"ann\"},\"updatedBy\":\"ann\"}");
        });
    }

    @Test
    void whatAKilledNodeHasWrittenAndNotToldIsTold() {
        for (int operations = 1; operations <= 12; operations++) {
            int moves = moves(cluster.await(board(1).read()));
            TestClient bob = watcher(1, "bob");
            cluster.node(0).killAfter(operations);
            begin(0, "ann");
            cluster.advance(Duration.ofSeconds(30));
            List<String> seen =
                    new ArrayList<>(seen(bob)); // told by the node whose sessions watch, before anybody asks
            int now = moves(cluster.await(board(1).read()));
            seen.remove("restored " + moves);
            assertThat(seen).isEqualTo(now == moves ? List.of() : List.of("update " + now));
            bob.disconnect();
            if (cluster.node(0).isRunning()) {
                cluster.node(0).kill();
            }
            cluster.node(0).restart();
            cluster.settle();
        }
        assertThat(moves(cluster.await(board(1).read()))).isPositive();
    }

    // ---- nodes

    @Test
    void everyNodeIsToldOfEachVersionOnceAndInOrder() {
        for (int i = 0; i < 3; i++) {
            move(i, "ann");
        }
        cluster.await(board(0).remove("ann"));
        cluster.settle();
        for (int node = 0; node < 3; node++) {
            String prefix = node + " g7 ";
            assertThat(told.stream().filter(line -> line.startsWith(prefix)))
                    .containsExactly(prefix + 1, prefix + 2, prefix + 3, prefix + -1);
        }
    }

    // ---- conflicts

    @Test
    void theHigherVersionWinsAndThenTheLater() {
        StateValue<Board> shared = move(0, "ann");
        TestClient bob = watcher(1, "bob");
        StateValue<Board> older = new StateValue<>(shared.version() - 1, new Board(7, "old"), "old", Instant.MAX);
        StateValue<Board> later = new StateValue<>(
                shared.version(),
                new Board(8, "later"),
                "later",
                shared.updatedAt().plusSeconds(1));
        StateValue<Board> resolved = cluster.await(board(2).resolve(List.of(older, later)));
        assertThat(resolved.value()).isEqualTo(later.value());
        assertThat(resolved.version()).isGreaterThan(shared.version());

        StateValue<Board> same = cluster.await(board(0).resolve(List.of(older)));
        assertThat(same).isEqualTo(resolved);
        cluster.settle();
        assertThat(seen(bob)).containsExactly("restored 1", "update 8", "resolved 8", "resolved 8");
        assertThat(bob.received()
                        .get(2)
                        .arguments()
                        .get(0)
                        .path("conflictedStates")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void theAuthorityDecidesOverTheRule() {
        StateValue<Board> copy = new StateValue<>(1, new Board(7, "ann"), "ann", Instant.EPOCH);
        cluster.await(state(1, JUDGED).compareAndSet(0, new Board(1, "bob"), "bob"));
        StateValue<Board> resolved = cluster.await(state(0, JUDGED).resolve(List.of(copy)));
        assertThat(resolved.value()).isEqualTo(new Board(2, "judge"));
        assertThat(cluster.await(state(2, JUDGED).read())).isEqualTo(resolved);
    }

    // ---- what the backend loses

    @Test
    void versionsDoNotGoBackWhenTheBackendHasLostSomething() {
        StateValue<Board> before = move(0, "ann");
        TestClient bob = watcher(1, "bob");
        cluster.backend().failover(0);
        cluster.advance(Duration.ofSeconds(30));
        StateValue<Board> after = cluster.await(board(1).read());
        assertThat(after.value()).isEqualTo(before.value());
        assertThat(after.version()).isGreaterThan(before.version());
        assertThat(bob.recovered()).isFalse();
    }

    // ---- rooms

    @Test
    void whatIsKnownOfARoomStaysWhenNobodyIsThere() {
        SharedState<RoomInfo> lobby =
                cluster.node(0).namespace("/").state(RoomInfo.STATE).of("lobby:chess");
        cluster.await(lobby.update(
                "server", info -> info == null ? RoomInfo.of("lobby", 5).with("title", "Chess") : info));
        cluster.advance(Duration.ofDays(7));
        assertThat(cluster.await(cluster.node(1)
                                .namespace("/")
                                .state(RoomInfo.STATE)
                                .of(RoomKind.named("lobby").of("chess"))
                                .read())
                        .value())
                .isEqualTo(new RoomInfo("lobby", 5, Map.of("title", "Chess")));
    }

    @Test
    void whatIsNotDeclaredIsNotThere() {
        assertThatThrownBy(() -> cluster.node(0).namespace("/").state(State.of("game", Board.class)))
                .hasMessageContaining("state 'game' is not declared in /; NamespaceSetup.state declares it");
        assertThatThrownBy(() -> Realtime.builder()
                        .namespace("/", game -> game.state(BOARD).state(BOARD))
                        .build())
                .hasMessage("state 'game' is declared twice; once is right");
    }
}
