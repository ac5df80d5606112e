package dev.realtime.jakarta;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Doors without an engine behind them: a test decides what happens at each and sees all that came through. */
final class FakeDoors implements TransportDoors {
    volatile InboundBudget inbound = new InboundBudget(10_000_000, 2_000_000, () -> {});
    static final int MAX_PAYLOAD = 1_000_000;

    volatile Duration patience = Duration.ofSeconds(1);
    final BlockingQueue<Peer> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
    final List<RequestView> upgrades = new CopyOnWriteArrayList<>();
    volatile Compression compression = Compression.DEFAULT;
    /** What becomes of a decision: known at once, if a test does not say otherwise. */
    volatile Function<UpgradeDecision, CompletionStage<UpgradeDecision>> think = CompletableFuture::completedFuture;

    volatile Function<RequestView, UpgradeDecision> decide =
            request -> new UpgradeDecision.Accepted(Map.of("X-Accepted-By", "engine"), this::open);
    volatile BiConsumer<Peer, Object> onMessage = (peer, message) -> {};
    volatile Consumer<Peer> onOpen = peer -> {};
    volatile Consumer<HttpExchange> onExchange = exchanges::add;

    Peer next() throws InterruptedException {
        Peer peer = opened.poll(10, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("no connection was opened");
        }
        return peer;
    }

    HttpExchange nextExchange() throws InterruptedException {
        HttpExchange exchange = exchanges.poll(10, TimeUnit.SECONDS);
        if (exchange == null) {
            throw new AssertionError("no request came");
        }
        return exchange;
    }

    private ConnectionListener open(Connection connection) {
        Peer peer = new Peer(connection, this);
        onOpen.accept(peer);
        opened.add(peer);
        return peer;
    }

    @Override
    public String path() {
        return "/socket.io/";
    }

    @Override
    public int maxPayload() {
        return MAX_PAYLOAD;
    }

    @Override
    public InboundBudget inbound() {
        return inbound;
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public Compression compression() {
        return compression;
    }

    @Override
    public CompletionStage<UpgradeDecision> upgrade(RequestView request) {
        upgrades.add(request);
        return think.apply(decide.apply(request));
    }

    @Override
    public void exchange(HttpExchange exchange) {
        onExchange.accept(exchange);
    }

    /** One connection and what was heard of it. */
    static final class Peer implements ConnectionListener {
        final Connection connection;
        final BlockingQueue<Object> messages = new LinkedBlockingQueue<>();
        final List<Integer> closes = new CopyOnWriteArrayList<>();
        final List<String> faults = new CopyOnWriteArrayList<>();
        private final FakeDoors doors;
        private final AtomicInteger inside = new AtomicInteger();

        Peer(Connection connection, FakeDoors doors) {
            this.connection = connection;
            this.doors = doors;
        }

        @Override
        public void text(String message) {
            heard(message);
        }

        @Override
        public void binary(byte[] message) {
            heard(message);
        }

        private void heard(Object message) {
            enter();
            if (!closes.isEmpty()) {
                faults.add("a message after the end");
            }
            messages.add(message);
            doors.onMessage.accept(this, message);
            inside.decrementAndGet();
        }

        @Override
        public void readComplete() {}

        @Override
        public void closed(int code, String reason) {
            enter();
            closes.add(code);
            inside.decrementAndGet();
        }

        private void enter() {
            if (inside.incrementAndGet() != 1) {
                faults.add("called by two threads at once");
            }
        }
    }
}
