package dev.realtime.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.limits.RateLimit;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Leases;
import dev.realtime.spi.Time;
import dev.realtime.spi.Values;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever nodes do, and in whatever order the store hears and answers them, no window of a limit is exceeded by all of them together. */
class SharedRatesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int[] RULES = {0, 1};

    private final Timeline time = new Timeline();
    private final Store store = new Store();
    private int exchanged;
    private int admittedAlone;

    /** A node of the cluster. */
    private final class Node {
        final SharedRates shared;
        final RateGate gate = new RateGate(time, Runnable::run, 1 << 30, () -> {});
        final RateScope scope;
        int waiting;

        Node(String name, Random line, RateLimit... limits) {
            shared = new SharedRates(
                    new Line(line),
                    new Living(),
                    name,
                    time,
                    Runnable::run,
                    new SharedRates.Observer() {
                        @Override
                        public void exchanged() {
                            exchanged++;
                        }

                        @Override
                        public void admittedAlone() {
                            admittedAlone++;
                        }
                    },
                    new BoundedLog(time::nanoTime));
            List<RateRule> rules = List.of(limits).stream().map(RateRule::of).toList();
            String[] ledgers = new String[limits.length];
            for (int i = 0; i < ledgers.length; i++) {
                ledgers[i] = "/ event e" + i;
            }
            scope = gate.scope(rules, shared, ledgers);
        }

        /** An event, as a session handles it: it waits until the others have been asked. */
        void send(int[] rules, Runnable admitted) {
            UserBudgets user = scope.of("user ann");
            long wait = user.admit(rules);
            if (wait == 0) {
                admitted.run();
            } else if (wait == UserBudgets.GONE) {
                send(rules, admitted);
            } else if (wait == UserBudgets.ASK) {
                waiting++;
                var unused = user.ask(rules).thenRun(() -> {
                    waiting--;
                    send(rules, admitted);
                });
            }
        }
    }

    @Test
    void whatOneNodeAdmitsTheOthersDoNot() {
        Random calm = new Random(1);
        List<Long> admitted = new ArrayList<>();
        Node one = new Node("one", calm, RateLimit.perMinute(20));
        Node two = new Node("two", calm, RateLimit.perMinute(20));
        store.isSlow = false;
        for (int i = 0; i < 60; i++) {
            (i % 3 == 0 ? one : two).send(new int[] {0}, () -> admitted.add(time.nanoTime()));
        }
        assertThat(admitted).hasSize(20);
        time.advance(MINUTE.plusSeconds(1));
        for (int i = 0; i < 60; i++) {
            two.send(new int[] {0}, () -> admitted.add(time.nanoTime()));
        }
        assertThat(admitted).hasSize(40);
    }

    @Test
    void whoSendsSteadilyIsSeldomAskedFor() {
        Node one = new Node("one", new Random(1), RateLimit.perMinute(6_000));
        store.isSlow = false;
        int events = 50 * 60;
        List<Long> admitted = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            one.send(new int[] {0}, () -> admitted.add(time.nanoTime()));
            time.advance(Duration.ofMillis(20));
        }
        assertThat(admitted).hasSize(events);
        assertThat(exchanged).isLessThan(events / 50);
    }

    @Test
    void aShareEndsHereNoLaterThanForTheOthersHoweverLateTheAnswerIs() {
        Node one = new Node("one", new Random(1), RateLimit.perMinute(3), RateLimit.perMinute(3));
        UserBudgets ann = one.scope.of("user ann");
        store.isSlow = false;
        ann.ask(new int[] {1}).join(); // the store's clock is known
        store.isSlow = true;
        CompletableFuture<Void> asked = ann.ask(new int[] {0});
        time.advance(Duration.ofMillis(999));
        assertThat(asked).isDone();
        assertThat(ann.look(new int[] {0})).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(ann.look(new int[] {0})).isEqualTo(UserBudgets.ASK);
    }

    @Test
    void whatANodeHasReadOfTheOthersTakesMemoryUntilItIsForgotten() {
        StringBuilder pages = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            pages.append("node").append(i).append(" 0 0 - 1@").append(Long.toString(time.nanoTime() / 1_000, 36));
            pages.append('\n');
        }
        store.isSlow = false;
        store.put("limits:/ event e0 user ann", 0, pages.toString(), MINUTE);
        Node one = new Node("one", new Random(1), RateLimit.perMinute(1_000));
        one.send(new int[] {0}, () -> {});
        assertThat(one.gate.bytes()).isGreaterThan(10_000);
        time.advance(MINUTE.plusSeconds(1));
        one.send(new int[] {0}, () -> {});
        assertThat(one.gate.bytes()).as("when that has passed").isLessThan(2_000);
        time.advance(MINUTE.multipliedBy(3));
        assertThat(one.gate.bytes()).isZero();
    }

    @Test
    void aUserOnManyNodesAtOnceFitsIntoAValue() {
        store.isSlow = false;
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            nodes.add(new Node("node-with-a-long-name-" + i, new Random(1), RateLimit.perHour(100_000)));
        }
        int sent = 0;
        for (int i = 0; i < 80; i++) {
            for (Node node : nodes) {
                node.send(new int[] {0}, () -> {});
                sent++;
            }
            time.advance(Duration.ofMillis(700));
        }
        Ledger ledger = Ledger.parse(store.find("limits:/ event e0 user ann").text());
        assertThat(ledger.times().count()).isGreaterThan(sent / 2);
        assertThat(admittedAlone).isZero();
    }

    @Property(tries = 300)
    void noWindowIsExceededByAllNodesTogether(@ForAll long seed) {
        Random random = new Random(seed);
        time.clear();
        store.values.clear();
        store.isSlow = true;
        RateLimit[] limits = {
            RateLimit.per(Duration.ofMillis(500 + random.nextInt(3_000)), 1 + random.nextInt(20))
                    .per(Duration.ofSeconds(8), 3 + random.nextInt(60)),
            RateLimit.per(Duration.ofSeconds(3), 2 + random.nextInt(40))
        };
        List<List<Long>> admitted = List.of(new ArrayList<>(), new ArrayList<>());
        List<Node> nodes = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            nodes.add(new Node(name, new Random(random.nextLong()), limits));
        }
        int most = 10 + random.nextInt(200);
        for (int step = 0; step < 400; step++) {
            Node node = nodes.get(random.nextInt(nodes.size()));
            int[] rules = random.nextBoolean() ? RULES : new int[] {random.nextInt(2)};
            for (int i = random.nextInt(4); i > 0 && node.waiting < 3; i--) {
                node.send(rules, () -> {
                    for (int rule : rules) {
                        admitted.get(rule).add(time.nanoTime());
                    }
                });
            }
            if (random.nextInt(40) == 0) {
                var unused = node.scope.of("user ann").giveBack();
            }
            if (random.nextInt(60) == 0) {
                node.scope.of("user ann").forget();
            }
            if (random.nextInt(100) == 0) { // it has been killed
                nodes.set(nodes.indexOf(node), new Node("new" + step, new Random(random.nextLong()), limits));
            }
            time.advance(Duration.ofMillis(random.nextInt(most)));
        }
        assertThat(admittedAlone).isZero();
        for (int rule = 0; rule < limits.length; rule++) {
            assertWithin(limits[rule], admitted.get(rule));
        }
    }

    private static void assertWithin(RateLimit limit, List<Long> admitted) {
        for (RateLimit.Window window : limit.windows()) {
            for (int last = window.count(); last < admitted.size(); last++) {
                long apart = admitted.get(last) - admitted.get(last - window.count());
                assertThat(apart)
                        .as("%s at %s of %s", limit, last, admitted)
                        .isGreaterThanOrEqualTo(window.period().toNanos());
            }
        }
    }

    /** Values that are written and answered late, and sometimes not at all. */
    private final class Store {
        final Map<String, Value> values = new HashMap<>();
        boolean isSlow;

        private record Value(long version, @Nullable String text, long deadline) {}

        private Values.Value find(String name) {
            Value known = values.get(name);
            Instant at = Instant.EPOCH.plusNanos(time.nanoTime());
            return known == null || known.deadline < time.nanoTime()
                    ? new Values.Value(0, null, at)
                    : new Values.Value(known.version, known.text, at);
        }

        private Values.Written put(String name, long expected, @Nullable String text, Duration life) {
            assertThat(text == null ? 0 : text.length()).isLessThan(16_384);
            Values.Value known = find(name);
            if (known.version() != expected) {
                return new Values.Written(false, known);
            }
            long version = Math.max(known.version() + 1, time.nanoTime() / 1_000);
            values.put(name, new Value(version, text, time.nanoTime() + life.toNanos()));
            return new Values.Written(true, new Values.Value(version, text, known.at()));
        }
    }

    /** A node's way to the store. */
    private final class Line implements Values {
        private final Random random;

        Line(Random random) {
            this.random = random;
        }

        @Override
        public CompletionStage<Value> find(String name) {
            return call(() -> store.find(name));
        }

        @Override
        public CompletionStage<Written> put(String name, long expected, @Nullable String text, Duration life) {
            return call(() -> store.put(name, expected, text, life));
        }

        private <T> CompletionStage<T> call(Supplier<T> there) {
            if (!store.isSlow) {
                return CompletableFuture.completedFuture(there.get());
            }
            CompletableFuture<T> answer = new CompletableFuture<>();
            time.schedule(delay(), () -> {
                T value = there.get();
                if (random.nextInt(20) == 0) {
                    value = there.get(); // it was asked again, and says what is there now
                }
                T said = value;
                time.schedule(delay(), () -> answer.complete(said));
            });
            return answer;
        }

        private Duration delay() {
            return Duration.ofNanos(random.nextInt(30_000_000));
        }
    }

    /** Everybody lives. */
    private static final class Living implements Leases {
        @Override
        public CompletionStage<Boolean> renew(String node, Duration lease) {
            return CompletableFuture.failedFuture(new IOException());
        }

        @Override
        public CompletionStage<Set<String>> living() {
            return CompletableFuture.completedFuture(Set.of("one", "two", "three"));
        }

        @Override
        public CompletionStage<Set<String>> takeOver(Duration patience) {
            return CompletableFuture.failedFuture(new IOException());
        }

        @Override
        public CompletionStage<Void> endTakeover(String node) {
            return CompletableFuture.failedFuture(new IOException());
        }

        @Override
        public CompletionStage<Void> end(String node) {
            return CompletableFuture.failedFuture(new IOException());
        }
    }

    /** Time that passes when it is told to. */
    private static final class Timeline implements Time {
        private final PriorityQueue<Task> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
        private long now = 1_000_000_000L;
        private long number;

        private record Task(long at, long number, Runnable task) {}

        void clear() {
            tasks.clear();
        }

        void advance(Duration by) {
            long end = now + by.toNanos();
            while (!tasks.isEmpty() && tasks.peek().at <= end) {
                Task next = tasks.poll();
                now = Math.max(now, next.at);
                next.task.run();
            }
            now = end;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Task later = new Task(now + Math.max(0, delay.toNanos()), number++, task);
            tasks.add(later);
            return () -> tasks.remove(later);
        }
    }
}
