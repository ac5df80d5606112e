package dev.realtime.testkit.contract;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Doors without an engine: every upgrade is accepted, and what a transport says about its connections is written down. */
final class ScriptedDoors implements TransportDoors {
    final InboundBudget inbound = new InboundBudget(10_000_000, 2_000_000, () -> {});
    static final int MAX_PAYLOAD = 100_000;
    static final Duration PATIENCE = Duration.ofSeconds(1);

    final List<End> opened = new CopyOnWriteArrayList<>();
    volatile Consumer<End> onOpen = end -> {};

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
        return PATIENCE;
    }

    @Override
    public Compression compression() {
        return Compression.DEFAULT;
    }

    @Override
    public CompletionStage<UpgradeDecision> upgrade(RequestView request) {
        return CompletableFuture.completedFuture(new UpgradeDecision.Accepted(Map.of(), connection -> {
            End end = new End(connection);
            onOpen.accept(end);
            opened.add(end);
            return end;
        }));
    }

    @Override
    public void exchange(HttpExchange exchange) {
        exchange.reply(new HttpReply(404, Map.of(), "nothing here".getBytes(StandardCharsets.UTF_8)));
    }

    /** The engine's end of one connection. */
    static final class End implements ConnectionListener {
        final Connection connection;
        final List<Object> messages = new CopyOnWriteArrayList<>(); // String or byte[]
        final List<Integer> closes = new CopyOnWriteArrayList<>();
        final List<String> faults = new CopyOnWriteArrayList<>();
        final AtomicInteger unfinished = new AtomicInteger(); // messages since the last read was complete
        private final AtomicInteger inside = new AtomicInteger();

        End(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void text(String message) {
            hear(() -> add(message));
        }

        @Override
        public void binary(byte[] message) {
            hear(() -> add(message));
        }

        private void add(Object message) {
            messages.add(message);
            unfinished.incrementAndGet();
        }

        @Override
        public void readComplete() {
            hear(() -> unfinished.set(0));
        }

        @Override
        public void closed(int code, String reason) {
            hear(() -> closes.add(code));
        }

        private void hear(Runnable word) {
            if (inside.incrementAndGet() != 1) {
                faults.add("called by two threads at once");
            }
            if (!closes.isEmpty()) {
                faults.add("called after the end");
            }
            word.run();
            inside.decrementAndGet();
        }
    }
}
