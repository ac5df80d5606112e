package dev.realtime.standalone;

import dev.realtime.spi.Connection;
import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.transport.Compression;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An engine that does what a test tells it: the transport alone is under test. */
final class FakeDoors implements TransportDoors {
    /** Says on each page how much of it is to be seen. */
    static final OperatorPages PAGES = (path, inFull) -> path.startsWith("/health") || (inFull && path.equals("/stats"))
            ? CompletableFuture.completedFuture(ok(inFull ? "{\"status\":\"healthy\"}" : "{\"status\":\"UP\"}"))
            : null;

    final AtomicInteger refused = new AtomicInteger(); // bytes for which there was no room
    final InboundBudget inbound = new InboundBudget(10_000_000, 2_000_000, refused::incrementAndGet);
    final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();
    final BlockingQueue<HttpExchange> exchanges = new LinkedBlockingQueue<>();
    final BlockingQueue<RequestView> upgrades = new LinkedBlockingQueue<>();
    volatile Compression compression = Compression.DEFAULT;
    volatile Duration patience = Duration.ofMillis(500);
    volatile int maxPayload = 100_000;
    volatile boolean echo = true;
    /** What becomes of a decision: known at once, if a test does not say otherwise. */
    volatile Function<UpgradeDecision, CompletionStage<UpgradeDecision>> think = CompletableFuture::completedFuture;

    volatile Function<RequestView, UpgradeDecision> judge = this::accept;

    ServedEngine engine() {
        return new ServedEngine(this, () -> true, PAGES, atMost -> CompletableFuture.completedFuture(null));
    }

    StandaloneServer start() {
        return StandaloneServer.start(
                engine(), StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
    }

    UpgradeDecision accept(RequestView request) {
        return new UpgradeDecision.Accepted(Map.of("X-Engine", "yes"), connection -> {
            Peer peer = new Peer(connection, echo);
            peers.add(peer);
            return peer;
        });
    }

    Peer peer() throws InterruptedException {
        Peer peer = peers.poll(5, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("no connection was opened");
        }
        return peer;
    }

    HttpExchange exchange() throws InterruptedException {
        HttpExchange exchange = exchanges.poll(5, TimeUnit.SECONDS);
        if (exchange == null) {
            throw new AssertionError("no request came");
        }
        return exchange;
    }

    static HttpReply ok(String text) {
        return new HttpReply(200, Map.of("Content-Type", "text/plain"), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String path() {
        return "/socket.io/";
    }

    @Override
    public int maxPayload() {
        return maxPayload;
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
        return think.apply(judge.apply(request));
    }

    @Override
    public void exchange(HttpExchange exchange) {
        exchanges.add(exchange);
    }

    /** The engine's side of one connection. */
    static final class Peer implements ConnectionListener {
        final Connection connection;
        final boolean echo;
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();
        final BlockingQueue<String> writes = new LinkedBlockingQueue<>();
        final BlockingQueue<Integer> turns = new LinkedBlockingQueue<>(); // how many messages came in each
        volatile int afterEnd;
        private int inThisTurn;

        Peer(Connection connection, boolean echo) {
            this.connection = connection;
            this.echo = echo;
        }

        boolean send(Frame... frames) {
            return connection.write(List.of(frames), new Connection.WriteListener() {
                @Override
                public void written() {
                    writes.add("written");
                }

                @Override
                public void failed(Throwable cause) {
                    writes.add("failed");
                }
            });
        }

        boolean sendText(String text) {
            return send(Frame.text(text.getBytes(StandardCharsets.UTF_8)));
        }

        Integer closeCode() throws InterruptedException {
            return closes.poll(5, TimeUnit.SECONDS);
        }

        @Override
        public void text(String message) {
            ended();
            inThisTurn++;
            texts.add(message);
            if (echo) {
                sendText(message);
            }
        }

        @Override
        public void binary(byte[] message) {
            ended();
            binaries.add(message);
            if (echo) {
                send(Frame.binary(message));
            }
        }

        @Override
        public void readComplete() {
            turns.add(inThisTurn);
            inThisTurn = 0;
        }

        private void ended() {
            if (!closes.isEmpty()) {
                afterEnd++;
            }
        }

        @Override
        public void closed(int code, String reason) {
            closes.add(code);
        }
    }
}
