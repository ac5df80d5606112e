package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of Engine.IO v4, behaving as the official client does: it answers pings, gives a silent server up, polls, and
 * upgrades by probe, pause and switch.
 */
final class ClientLink implements LongPolling.Receiver {
    private final InMemoryTransport transport;
    private final TestRequest request;
    private final ClientJson json;
    private final Listener listener;
    private final LongPolling polling;
    private final ClientUpgrade upgrade;
    /** Packets waiting for the transport: text as in the protocol, binary as bytes. */
    private final Deque<Object> waiting = new ArrayDeque<>();

    private @Nullable CompletableFuture<InMemoryConnection> opening;
    private @Nullable InMemoryConnection socket;
    private Time.@Nullable Timer heartbeat;
    private Duration patience = Duration.ZERO;
    private String sid = "";
    private boolean over;

    /**
     * @param transport of its WebSocket
     * @param polled where each request of long-polling goes
     */
    ClientLink(
            InMemoryTransport transport,
            Supplier<InMemoryTransport> polled,
            TestRequest request,
            ClientJson json,
            Listener listener) {
        this.transport = transport;
        this.request = request.query("EIO", "4");
        this.json = json;
        this.listener = listener;
        this.polling = new LongPolling(polled, this::pollingRequest, this);
        this.upgrade = new ClientUpgrade(polling, this::switched);
    }

    /** Called with what arrives. */
    interface Listener {
        void opened();

        void text(String packet);

        void binary(byte[] attachment);

        void closed(String reason);

        /** Instead of {@link #opened()}: the server does not want the client. */
        void refused(HttpReply reply);
    }

    void openWebSocket() {
        CompletableFuture<InMemoryConnection> opened =
                transport.openLater(request.query("transport", "websocket").view());
        if (opened.isDone()) {
            InMemoryConnection connection = InMemoryTransport.join(opened);
            socket = connection;
            connection.receiver(this::frame, () -> end("transport close"));
            return;
        }
        opening = opened;
        var unused = opened.whenComplete((connection, failure) -> {
            opening = null;
            if (over) {
                if (connection != null) {
                    connection.lose(); // the server did not hear that the client has gone
                }
            } else if (connection != null) {
                socket = connection;
                connection.receiver(this::frame, () -> end("transport close"));
            } else {
                if (failure instanceof InMemoryTransport.UpgradeRefused refused) {
                    listener.refused(refused.reply());
                }
                end("websocket error: " + failure.getMessage());
            }
        });
    }

    /** The client does not wait for the answer to its request any longer. */
    private void giveUpOpening() {
        CompletableFuture<InMemoryConnection> waited = opening;
        if (waited != null) {
            waited.cancel(false);
        }
    }

    void openPolling() {
        polling.poll();
    }

    String transportName() {
        return socket != null ? "websocket" : "polling";
    }

    String sid() {
        return sid;
    }

    @Nullable
    InMemoryConnection socket() {
        return socket;
    }

    /** Sends a Socket.IO packet. */
    void send(ClientPacket.Wire packet) {
        waiting.add("4" + packet.text());
        waiting.addAll(packet.attachments());
        flush();
    }

    /** Opens a WebSocket beside the polling connection and probes it; the rest happens when the answer comes. */
    void upgrade() {
        InMemoryConnection opened;
        try {
            opened = transport.open(
                    request.query("transport", "websocket").query("sid", sid).view());
        } catch (InMemoryTransport.Unreachable e) {
            return; // a probe that fails leaves the polling connection as it is
        }
        upgrade.begin(opened);
    }

    /** Ends in good order. */
    void close() {
        if (socket != null) {
            socket.closeByClient(1005, "");
        } else if (!sid.isEmpty()) {
            polling.close();
        }
        end("forced close");
    }

    /** The network breaks and the server notices. */
    void drop() {
        if (socket != null) {
            socket.reset();
        }
        upgrade.reset();
        polling.lose();
        polling.abort();
        end("transport error");
    }

    /** The network is gone and the server does not notice. */
    void lose() {
        opening = null;
        if (socket != null) {
            socket.lose();
        }
        upgrade.lose();
        polling.lose();
        end("network lost");
    }

    private void frame(Frame frame) {
        if (frame.isBinary()) {
            binary(frame.bytes());
        } else {
            text(new String(frame.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Override
    public void binary(byte[] attachment) {
        if (!over) {
            listener.binary(attachment);
        }
    }

    @Override
    public void text(String packet) {
        if (over) {
            return;
        }
        switch (packet.charAt(0)) {
            case '0' -> opened(json.parse(packet.substring(1)));
            case '1' -> end("transport close");
            case '2' -> {
                expectPing();
                waiting.add("3" + packet.substring(1));
                flush();
            }
            case '4' -> listener.text(packet.substring(1));
            case '6' -> {}
            default -> throw new AssertionError("the server sent an unexpected packet: " + packet);
        }
    }

    private void opened(JsonNode handshake) {
        sid = handshake.path("sid").asText();
        patience = Duration.ofMillis(handshake.path("pingInterval").asLong()
                + handshake.path("pingTimeout").asLong());
        expectPing();
        listener.opened();
    }

    private void expectPing() {
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        heartbeat = transport.time().schedule(patience, () -> {
            if (socket != null) {
                socket.closeByClient(1005, "");
            } else {
                polling.abort();
            }
            end("ping timeout");
        });
    }

    // ---- polling

    private RequestView pollingRequest(String method) {
        TestRequest base = request.method(method).query("transport", "polling");
        return (sid.isEmpty() ? base : base.query("sid", sid)).view();
    }

    @Override
    public void polled() {
        if (upgrade.isPausing()) {
            upgrade.goOn();
        } else {
            polling.poll();
        }
    }

    @Override
    public void posted() {
        if (upgrade.isPausing()) {
            upgrade.goOn();
        } else {
            flush();
        }
    }

    @Override
    public void failed(String reason, HttpReply reply) {
        if (sid.isEmpty() && !over) {
            listener.refused(reply);
        }
        end(reason);
    }

    private void flush() {
        if (waiting.isEmpty() || over || upgrade.isPausing()) {
            return;
        }
        if (socket != null) {
            while (!waiting.isEmpty()) {
                Object packet = waiting.remove();
                if (packet instanceof byte[] bytes) {
                    socket.send(bytes);
                } else {
                    socket.send((String) packet);
                }
            }
        } else if (!polling.isPosting() && !sid.isEmpty()) {
            List<Object> packets = List.copyOf(waiting);
            waiting.clear();
            polling.post(packets);
        }
    }

    private void switched(InMemoryConnection opened) {
        socket = opened;
        opened.receiver(
                frame -> {
                    if (!ClientUpgrade.isProof(frame)) { // which came before the switch
                        frame(frame);
                    }
                },
                () -> end("transport close"));
        flush();
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            polling.end();
            upgrade.end();
            giveUpOpening();
            if (heartbeat != null) {
                heartbeat.cancel();
            }
            listener.closed(reason);
        }
    }
}
