package dev.realtime.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.spi.Frame;
import dev.realtime.spi.HttpReply;
import dev.realtime.spi.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of Engine.IO v4, behaving as the official client does: it answers pings, gives a silent server up, keeps one poll
 * open and one post under way, and upgrades by probe, pause and switch.
 */
final class ClientLink {
    private static final char SEPARATOR = '\u001e';

    private final InMemoryTransport transport;
    private final TestRequest request;
    private final ClientJson json;
    private final Listener listener;
    /** Packets waiting for the transport: text as in the protocol, binary as bytes. */
    private final Deque<Object> waiting = new ArrayDeque<>();

    private @Nullable CompletableFuture<InMemoryConnection> opening;
    private @Nullable InMemoryConnection socket;
    private @Nullable InMemoryConnection probe;
    private @Nullable InMemoryExchange poll;
    private @Nullable InMemoryExchange post;
    private Time.@Nullable Timer heartbeat;
    private Duration patience = Duration.ZERO;
    private String sid = "";
    private boolean upgrading;
    private boolean over;

    ClientLink(InMemoryTransport transport, TestRequest request, ClientJson json, Listener listener) {
        this.transport = transport;
        this.request = request.query("EIO", "4");
        this.json = json;
        this.listener = listener;
    }

    /** Called with what arrives. */
    interface Listener {
        void opened();

        void text(String packet);

        void binary(byte[] attachment);

        void closed(String reason);
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
        poll();
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
        probe = opened;
        opened.receiver(frame -> probed(opened, frame), () -> {});
        opened.send("2probe");
    }

    /** Ends in good order. */
    void close() {
        if (socket != null) {
            socket.closeByClient(1005, "");
        } else if (!sid.isEmpty()) {
            var unused = transport.exchange(polling("POST"), "1".getBytes(StandardCharsets.UTF_8));
        }
        end("forced close");
    }

    /** The network breaks and the server notices. */
    void drop() {
        if (socket != null) {
            socket.reset();
        }
        if (probe != null) {
            probe.reset();
        }
        if (poll != null) {
            poll.lose();
            poll.abort();
        }
        end("transport error");
    }

    /** The network is gone and the server does not notice. */
    void lose() {
        opening = null;
        if (socket != null) {
            socket.lose();
        }
        if (probe != null) {
            probe.lose();
        }
        if (poll != null) {
            poll.lose();
        }
        end("network lost");
    }

    private void frame(Frame frame) {
        if (frame.isBinary()) {
            if (!over) {
                listener.binary(frame.bytes());
            }
        } else {
            packet(new String(frame.bytes(), StandardCharsets.UTF_8));
        }
    }

    private void packet(String packet) {
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
            } else if (poll != null) {
                poll.abort();
            }
            end("ping timeout");
        });
    }

    // ---- polling

    private TestRequest pollingRequest(String method) {
        TestRequest base = request.method(method).query("transport", "polling");
        return sid.isEmpty() ? base : base.query("sid", sid);
    }

    private dev.realtime.spi.RequestView polling(String method) {
        return pollingRequest(method).view();
    }

    private void poll() {
        InMemoryExchange exchange = transport.exchange(polling("GET"), new byte[0]);
        poll = exchange;
        exchange.receiver(reply -> polled(exchange, reply));
    }

    private void polled(InMemoryExchange exchange, HttpReply reply) {
        if (over || poll != exchange) {
            return;
        }
        poll = null;
        if (reply.status() != 200) {
            end("poll failed with " + reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
            return;
        }
        String payload = new String(reply.body(), StandardCharsets.UTF_8);
        for (String packet : payload.split(String.valueOf(SEPARATOR), -1)) {
            if (packet.startsWith("b")) {
                listener.binary(Base64.getDecoder().decode(packet.substring(1)));
            } else {
                packet(packet);
            }
        }
        if (over) {
            return;
        }
        if (upgrading) {
            switchIfPaused();
        } else {
            poll();
        }
    }

    private void flush() {
        if (waiting.isEmpty() || over || upgrading) {
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
        } else if (post == null && !sid.isEmpty()) {
            List<String> packets = new ArrayList<>();
            while (!waiting.isEmpty()) {
                Object packet = waiting.remove();
                packets.add(
                        packet instanceof byte[] bytes
                                ? "b" + Base64.getEncoder().encodeToString(bytes)
                                : (String) packet);
            }
            byte[] body = String.join(String.valueOf(SEPARATOR), packets).getBytes(StandardCharsets.UTF_8);
            InMemoryExchange exchange = transport.exchange(polling("POST"), body);
            post = exchange;
            exchange.receiver(this::posted);
        }
    }

    private void posted(HttpReply reply) {
        post = null;
        if (over) {
            return;
        }
        if (reply.status() != 200) {
            end("post failed with " + reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
        } else if (upgrading) {
            switchIfPaused();
        } else {
            flush();
        }
    }

    // ---- upgrade

    private void probed(InMemoryConnection opened, Frame frame) {
        if (socket == opened) {
            frame(frame);
            return;
        }
        if (!frame.isBinary() && new String(frame.bytes(), StandardCharsets.UTF_8).equals("3probe") && !over) {
            upgrading = true;
            switchIfPaused();
        }
    }

    /** Once neither a poll nor a post is under way (the server answers the poll for that). */
    private void switchIfPaused() {
        if (poll == null && post == null && probe != null) {
            InMemoryConnection opened = probe;
            probe = null;
            socket = opened;
            opened.send("5");
            upgrading = false;
            opened.receiver(this::frameOnce, () -> end("transport close"));
            flush();
        }
    }

    /** Frames that came before the switch have been seen: the probe's answer alone. */
    private void frameOnce(Frame frame) {
        if (!frame.isBinary() && new String(frame.bytes(), StandardCharsets.UTF_8).equals("3probe")) {
            return;
        }
        frame(frame);
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            giveUpOpening();
            if (heartbeat != null) {
                heartbeat.cancel();
            }
            listener.closed(reason);
        }
    }
}
