package dev.realtime.simulation;

import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.idempotency.Idempotency;
import dev.realtime.testkit.TestNode;
import dev.realtime.testkit.simulation.Scenario;
import dev.realtime.testkit.simulation.SimulatedCluster;
import dev.realtime.testkit.simulation.SimulatedNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A user with two devices that send the same requests again and again, at the same moment or when an answer is lost, to whatever nodes they are on: each is handled once, all get the same answer, and
 * none is handled when its time is over (I8). A handler may run again if the node of the one before has died, was cut off or stood still for longer than a lease in the meantime, or if the store has lost
 * something.
 */
final class IdempotencyScenario implements Scenario {
    record Order(String key, long sentAt) {
        Instant time() {
            return Instant.ofEpochMilli(sentAt);
        }
    }

    record Receipt(int run) {}

    static final Duration WINDOW = Duration.ofSeconds(2);
    static final Request<Order, Receipt> ORDER = Request.of("order", Order.class, Receipt.class)
            .idempotentBy(Idempotency.by(Order::key).window(WINDOW).sentAt(Order::time));

    private static final String USER = "u0";
    private static final String FAILED = "failed";

    private final SimulatedCluster run;
    private final List<OrderingDevice> devices = new ArrayList<>();
    private final Map<String, List<Handled>> handled = new LinkedHashMap<>(); // by key
    private final Map<String, String> answers = new LinkedHashMap<>(); // by key, what the first was told
    private final Map<String, Long> sent = new LinkedHashMap<>(); // when each was made
    private boolean calm;
    private int runs;
    private int told;
    private @Nullable Order latest;

    /** One call of the handler. */
    private static final class Handled {
        final int number;
        final String node;
        final long begun;
        boolean ended;
        boolean failed;

        Handled(int number, String node, long begun) {
            this.number = number;
            this.node = node;
            this.begun = begun;
        }
    }

    IdempotencyScenario(SimulatedCluster run) {
        this.run = run;
        devices.add(new OrderingDevice(run, this, USER, 0));
        devices.add(new OrderingDevice(run, this, USER, 1));
    }

    @Override
    public RealtimeBuilder options(SimulatedNode node) {
        return Simulated.options().namespace("/", game -> game.onAsync(ORDER, (session, order) -> handle(node, order)));
    }

    @Override
    public void start() {
        devices.forEach(OrderingDevice::tick);
    }

    // ---- what devices send

    /** A new request, or one that has been sent before. */
    Order next() {
        Order before = latest;
        if (before == null || run.random().nextInt(4) == 0) {
            before = new Order("k" + sent.size(), storeMillis());
            sent.put(before.key(), before.sentAt());
            latest = before;
        } else if (run.random().nextInt(8) == 0) {
            String old = "k" + run.random().nextInt(sent.size());
            return new Order(old, sent.get(old));
        }
        return before;
    }

    /** The store's clock goes as the run does, whatever the clocks of nodes do. */
    private long storeMillis() {
        return run.cluster().time().now().toEpochMilli();
    }

    // ---- what is handled

    private CompletionStage<Receipt> handle(SimulatedNode node, Order order) {
        runs++;
        Handled mine = new Handled(runs, node.id(), run.now());
        node.note("handles " + order.key() + " as " + mine.number);
        List<Handled> before = handled.computeIfAbsent(order.key(), key -> new ArrayList<>());
        check(order, mine, before);
        before.add(mine);
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        boolean fails = run.random().nextInt(8) == 0 && !calm;
        int takes = run.random().nextInt(4) == 0 && !calm ? 1_500 : 100;
        node.later(Duration.ofMillis(run.random().nextInt(takes)), () -> {
            mine.ended = true;
            mine.failed = fails;
            if (fails) {
                receipt.completeExceptionally(new IllegalStateException(FAILED));
            } else {
                receipt.complete(new Receipt(mine.number));
            }
        });
        return receipt;
    }

    private void check(Order order, Handled mine, List<Handled> before) {
        if (storeMillis() > order.sentAt() + WINDOW.toMillis() + RecordingGame.LEASE.toMillis()
                && !run.incidents().isExcused(mine.node)) {
            run.violation("I8: " + order.key() + " is handled " + (storeMillis() - order.sentAt())
                    + " ms after it was sent, on " + mine.node);
        }
        for (Handled other : before) {
            boolean known =
                    answers.containsKey(order.key()) && run.incidents().breaks().isEmpty();
            if (!other.failed && (known || !isExcused(other))) {
                run.violation("I8: " + order.key() + " is handled on " + mine.node + ", and since " + other.begun
                        + " on " + other.node + (other.ended ? ", which is done" : ""));
            }
        }
    }

    /** Whether another node may handle what this one had begun. */
    private boolean isExcused(Handled other) {
        return run.incidents().wasKilled(other.node)
                || run.incidents().wasStopped(other.node) && !other.ended
                || !run.isRunning(other.node) && !other.ended
                || run.incidents().isExcused(other.node);
    }

    /** A device was answered. */
    void answered(Order order, String answer, @Nullable String code) {
        told++;
        if (code != null) {
            return;
        }
        String first = answers.putIfAbsent(order.key(), answer);
        if (first != null && !first.equals(answer) && run.incidents().breaks().isEmpty()) {
            run.violation("I8: " + order.key() + " is answered " + answer + ", and was " + first);
        }
    }

    @Override
    public void calmDown() {
        calm = true;
        devices.forEach(OrderingDevice::calmDown);
    }

    @Override
    public void check() {
        run.cluster().advance(Duration.ofSeconds(3));
        Order last = new Order("last", storeMillis());
        for (OrderingDevice device : devices) {
            String answer = device.orderNow(last);
            if (!answer.contains("run")) {
                run.violation("I8: " + device + " is told '" + answer + "' when all is well");
            }
        }
        run.cluster().advance(WINDOW.multipliedBy(4));
        for (TestNode node : run.up()) {
            long pending = node.realtime().stats().gauges().getOrDefault("idempotency.pending", 0L);
            if (pending > 0) {
                run.violation("I9: " + pending + " requests are under way on "
                        + node.realtime().node() + " when all have been answered");
            }
        }
    }

    @Override
    public void leave() {
        devices.forEach(OrderingDevice::leave);
    }

    @Override
    public int deliveries() {
        return told;
    }
}
