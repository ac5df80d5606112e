package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.NamespaceSetup;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.Session;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Log;
import dev.realtime.spi.Values;
import dev.realtime.state.SharedState;
import dev.realtime.state.State;
import dev.realtime.state.StateFailedException;
import dev.realtime.state.StateFailedException.Reason;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A version that the store has is told in the end, whatever clocks, logs, namespaces and the application's own code do meanwhile; and nothing stops a state for good. */
class StateTroubleTest {
    private static final State<String> WORD = State.of("word", String.class);
    private static final State<String> SHORT = State.of("short", String.class).timeToLive(Duration.ofMinutes(1));
    private static final State<Evil> EVIL = State.of("evil", Evil.class);
    private static final State<String> UNSAYABLE = State.of("unsayable", String.class)
            .updates(Event.of("said", String.class), change -> {
                throw new NoClassDefFoundError("of another deployment");
            });
    private static final State<String> WRAPPED = State.of("wrapped", String.class)
            .updates(
                    Event.of("wrapped", String.class)
                            .expiresAfter(Duration.ofSeconds(5))
                            .envelope((envelope, word) -> Map.of("kind", envelope.event(), "word", word)),
                    change -> String.valueOf(change.current().value()));

    /** A value that can be written, and not read any more. */
    record Evil(String text) {
        private static volatile boolean armed;

        Evil {
            if (armed && text.startsWith("bad")) {
                throw new NoClassDefFoundError("of another deployment");
            }
        }
    }

    private final List<String> told = new ArrayList<>();
    private Duration clockAhead = Duration.ZERO; // of the store
    private boolean logAway;
    private boolean valuesAway;
    private int puts;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game).backend(this::around);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofSeconds(30)))
                .namespace("/", game -> {
                    setUp(game);
                    game.schedule(ScheduleOptions.DEFAULT);
                })
                .namespace("/other", this::setUp)
                .namespaces(name -> name.startsWith("/match-"), this::setUp);
    }

    private void setUp(NamespaceSetup game) {
        game.allowAnonymous()
                .state(
                        WORD,
                        (namespace, change) ->
                                told.add(change.key() + "=" + change.current().value()))
                .state(EVIL, (namespace, change) -> told.add(change.key()))
                .state(SHORT)
                .state(UNSAYABLE)
                .state(WRAPPED);
    }

    private interface Instead {
        /** @return null if the backend itself is to answer */
        Object call(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T around(Class<T> type, T inner, Instead instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object other = instead.call(method, arguments);
                        return other == null ? method.invoke(inner, arguments) : other;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private Backend around(Backend backend) {
        return around(Backend.class, backend, (method, arguments) -> switch (method.getName()) {
            case "log" ->
                around(
                        Log.class,
                        (Log) method.invoke(backend, arguments),
                        (call, given) -> logAway && call.getName().equals("appendOnce") ? away("the log") : null);
            case "values" -> values(backend.values());
            default -> null;
        });
    }

    private static CompletionStage<?> away(String what) {
        return CompletableFuture.failedStage(new IllegalStateException(what + " is away"));
    }

    private Values values(Values inner) {
        return around(Values.class, inner, (call, given) -> {
            if (valuesAway) {
                return away("the store");
            }
            if (call.getName().equals("find")) {
                return inner.find((String) given[0]).thenApply(this::dated);
            }
            puts++;
            return inner.put((String) given[0], (Long) given[1], (String) given[2], (Duration) given[3])
                    .thenApply(written -> new Values.Written(written.isDone(), dated(written.value())));
        });
    }

    private Values.Value dated(Values.Value value) {
        return new Values.Value(value.version(), value.text(), value.at().plus(clockAhead));
    }

    private SharedState<String> word(String key) {
        return realtime.namespace("/").state(WORD).of(key);
    }

    private Session session(TestClient client) {
        return realtime.namespace("/").find(client.id()).orElseThrow();
    }

    private TestClient watcher(SharedState<?> state) {
        TestClient client = realtime.connect("/", "ann");
        realtime.await(state.watch(session(client)));
        return client;
    }

    private static List<String> seen(TestClient client) {
        return client.received().stream().map(StateTroubleTest::seen).toList();
    }

    private static String seen(ReceivedEvent event) {
        return event.name().substring(event.name().lastIndexOf('-') + 1) + " "
                + event.arguments().get(0).path("state").asText();
    }

    private Reason reason(CompletionStage<?> stage) {
        return ((StateFailedException) realtime.failure(stage)).reason();
    }

    // ---- every version is told

    @Test
    void aNamespaceThatEndedAndComesAgainTellsAllVersions() {
        for (String user : List.of("ann", "bob")) {
            TestClient client = realtime.connect("/match-1", user);
            Namespace match = realtime.namespace("/match-1");
            SharedState<String> state = match.state(WORD).of("k");
            realtime.await(state.watch(match.find(client.id()).orElseThrow()));
            for (int i = 1; i <= 3; i++) {
                String word = user + i;
                realtime.await(state.update(user, now -> word));
            }
            realtime.settle();
            assertThat(seen(client)).endsWith("update " + user + 1, "update " + user + 2, "update " + user + 3);
            client.disconnect();
            realtime.advance(Duration.ofMinutes(3));
            assertThat(realtime.realtime().stats().gauges().get("namespaces.live"))
                    .isEqualTo(2);
        }
        assertThat(told).containsSubsequence("k=ann1", "k=ann2", "k=ann3", "k=bob1", "k=bob2", "k=bob3");
    }

    @Test
    void aClockOfTheStoreThatIsSetForwardHidesNoVersion() {
        TestClient ann = watcher(word("k"));
        realtime.await(word("k").update("x", now -> "one"));
        clockAhead = Duration.ofMinutes(6);
        realtime.await(word("k").update("x", now -> "two"));
        realtime.settle();
        assertThat(seen(ann)).containsExactly("update one", "update two");
    }

    @Test
    void aLogThatIsAwayForLongIsToldAtLast() {
        TestClient ann = watcher(word("k"));
        logAway = true;
        CompletionStage<?> write = word("k").update("x", now -> "one");
        realtime.advance(Duration.ofMinutes(6));
        assertThat(reason(write)).isEqualTo(Reason.UNAVAILABLE);
        logAway = false;
        realtime.advance(Duration.ofMinutes(1));
        assertThat(seen(ann)).containsExactly("update one");
        assertThat(told).containsExactly("k=one");
    }

    @Test
    void whatWasToldIsNotToldAgainWhenTheLogHasForgottenIt() {
        TestClient ann = watcher(word("k"));
        realtime.await(word("k").update("x", now -> "one"));
        realtime.advance(Duration.ofMinutes(20));
        for (int other = 0; other < 1_100; other++) {
            word("o" + other).read(); // this node forgets that it has told it
            realtime.settle();
        }
        realtime.await(word("k").read());
        realtime.advance(Duration.ofMinutes(1));
        assertThat(seen(ann)).containsExactly("update one");
        assertThat(told).containsExactly("k=one");
    }

    @Test
    void nobodyCancelsAVersionBeforeItIsTold() {
        TestClient ann = watcher(word("k"));
        String node = realtime.realtime().node();
        for (int write = 1; write < 10; write++) {
            assertThat(realtime.await(
                            realtime.namespace("/").schedule().cancel("state:" + node + ":" + write + ":change")))
                    .isFalse();
        }
        realtime.await(word("k").update("x", now -> "one"));
        realtime.settle();
        assertThat(seen(ann)).containsExactly("update one");
    }

    @Test
    void aQuietStateCostsOneWriteMore() {
        watcher(word("k"));
        realtime.await(word("k").update("x", now -> "one"));
        int before = puts;
        realtime.advance(Duration.ofMinutes(20));
        assertThat(puts).isEqualTo(before + 1);
    }

    // ---- who watches

    @Test
    void aSessionThatIsGoneTakesNoPlace() {
        TestClient gone = realtime.connect("/", "gone");
        Session session = session(gone);
        gone.disconnect();
        realtime.advance(Duration.ofMinutes(2));
        assertThat(session.isClosed()).isTrue();
        for (int i = 0; i < 10_000; i++) {
            var unused = word("k" + i).watch(session);
        }
        realtime.settle();
        watcher(word("mine"));
    }

    @Test
    void allThatASessionAsksForAtOnceCounts() {
        TestClient ann = realtime.connect("/", "ann");
        List<CompletionStage<Void>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(word("k" + i).watch(session(ann)));
        }
        realtime.settle();
        assertThat(all.stream()
                        .filter(one -> one.toCompletableFuture().isCompletedExceptionally())
                        .count())
                .isEqualTo(36);
        realtime.await(word("k1").watch(session(ann)));
        realtime.await(word("k1").unwatch(session(ann)));
        realtime.await(word("k99").watch(session(ann)));
    }

    @Test
    void noneOfManyThatAreWatchedRunsOut() {
        int all = 3_200;
        Namespace game = realtime.namespace("/");
        for (int i = 0; i < all; i += 64) {
            TestClient client =
                    realtime.client().from("10.0.0." + i / 64).user("u" + i).connect("/");
            for (int k = i; k < i + 64; k++) {
                SharedState<String> state = game.state(SHORT).of("k" + k);
                var written = state.update("x", now -> "v");
                var watched = state.watch(session(client));
            }
            realtime.settle();
        }
        realtime.advance(Duration.ofMinutes(3));
        for (int k = 0; k < all; k += 25) {
            assertThat(realtime.await(game.state(SHORT).of("k" + k).read()).isPresent())
                    .as("k" + k)
                    .isTrue();
        }
    }

    @Test
    void aSessionOfAnotherNamespaceIsRefused() {
        TestClient ann = realtime.connect("/", "ann");
        SharedState<String> other = realtime.namespace("/other").state(WORD).of("k");
        assertThatThrownBy(() -> other.watch(session(ann)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is of / and cannot watch a state of /other");
        assertThatThrownBy(() -> other.unwatch(session(ann))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoWatchesAgainAtOnceWatches() {
        TestClient ann = realtime.connect("/", "ann");
        var first = word("k").watch(session(ann));
        var end = word("k").unwatch(session(ann));
        var again = word("k").watch(session(ann));
        realtime.await(first);
        realtime.await(end);
        realtime.await(again);
        realtime.await(word("k").update("x", now -> "one"));
        realtime.settle();
        assertThat(seen(ann)).containsExactly("update one");
    }

    // ---- what the application cannot say

    @Test
    void anEventThatCannotBeMadeStopsNoState() {
        SharedState<String> state = realtime.namespace("/").state(UNSAYABLE).of("k");
        realtime.await(state.update("x", now -> "one"));
        assertThat(realtime.await(state.update("x", now -> now + " two")).value())
                .isEqualTo("one two");
        assertThat(realtime.await(state.remove("x")).isPresent()).isFalse();
    }

    @Test
    void aValueThatCannotBeReadAnyMoreCanBeRemoved() {
        Evil.armed = false;
        SharedState<Evil> state = realtime.namespace("/").state(EVIL).of("k");
        Evil bad = new Evil("bad");
        Evil.armed = true;
        assertThat(reason(state.compareAndSet(0, bad, "x"))).isEqualTo(Reason.UNREADABLE);
        assertThat(reason(state.read())).isEqualTo(Reason.UNREADABLE);
        TestClient ann = watcher(state);
        assertThat(realtime.await(state.remove("x")).isPresent()).isFalse();
        realtime.await(state.update("x", now -> new Evil("good")));
        realtime.settle();
        assertThat(ann.received()).hasSize(2);
        assertThat(told).as("the listener is told of what can be read").containsExactly("k", "k");
    }

    @Test
    void theTermsOfAnEventHold() {
        SharedState<String> state = realtime.namespace("/").state(WRAPPED).of("k");
        TestClient ann = watcher(state);
        realtime.await(state.update("x", now -> "one"));
        realtime.settle();
        ann.dropConnection();
        realtime.await(state.update("x", now -> "two"));
        realtime.advance(Duration.ofSeconds(10));
        ann.reconnect();
        realtime.settle();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received()).singleElement().satisfies(event -> {
            assertThat(event.arguments().get(0).path("kind").asText()).isEqualTo("wrapped");
            assertThat(event.arguments().get(0).path("word").asText()).isEqualTo("one");
        });
    }

    // ---- without the backend

    @Test
    void whatWaitsForAStoreThatIsAwayFailsWithTheFirst() {
        valuesAway = true;
        List<CompletionStage<?>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(word("k").update("x", now -> "one"));
        }
        realtime.advance(Duration.ofSeconds(20));
        all.forEach(one -> assertThat(reason(one)).isEqualTo(Reason.UNAVAILABLE));
        valuesAway = false;
        realtime.await(word("k").update("x", now -> "two"));
    }
}
