package dev.realtime.testkit.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client on HTTP long-polling that does nothing by itself except answering pings in {@link #next}. For one thread at a time. */
final class PollingClient {
    private static final String SEPARATOR = "\u001e";
    static final String HANDSHAKE = "EIO=4&transport=polling";

    /** A whole HTTP response. */
    record Reply(int status, String body, HttpHeaders headers) {
        List<String> packets() {
            return List.of(body.split(SEPARATOR));
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    private final HttpClient http;
    private final URI server;
    private final String sid;
    private final Deque<String> received = new ArrayDeque<>();

    private PollingClient(HttpClient http, URI server, String sid) {
        this.http = http;
        this.server = server;
        this.sid = sid;
    }

    static PollingClient open(HttpClient http, URI server) {
        Reply reply = request(http, server, "GET", HANDSHAKE, "");
        if (reply.status != 200) {
            throw new AssertionError("the handshake was refused with " + reply);
        }
        return new PollingClient(http, server, FlatJson.text(reply.body, "sid"));
    }

    /** Sends any request; headers are given as {@code Name: value}. */
    static Reply request(HttpClient http, URI server, String method, String query, String body, String... headers) {
        return await(send(http, server, method, query, body, headers));
    }

    private static CompletableFuture<Reply> send(
            HttpClient http, URI server, String method, String query, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/socket.io/?" + query))
                .timeout(Patience.LIMIT)
                .method(
                        method,
                        body.isEmpty() && !method.equals("POST")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (method.equals("POST")) {
            request.header("Content-Type", "text/plain;charset=UTF-8");
        }
        for (String header : headers) {
            int colon = header.indexOf(':');
            request.header(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Reply(response.statusCode(), response.body(), response.headers()));
    }

    static Reply await(CompletableFuture<Reply> reply) {
        try {
            return reply.get(Patience.MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (failed.getCause() instanceof IOException io) {
                throw new UncheckedIOException(io);
            }
            throw new AssertionError("the request failed", failed);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new AssertionError("no reply within " + Patience.LIMIT, late);
        }
    }

    String sid() {
        return sid;
    }

    /** The query of this client's requests. */
    String query() {
        return HANDSHAKE + "&sid=" + sid;
    }

    /** The query of a WebSocket that is to take over. */
    String upgradeQuery() {
        return "EIO=4&transport=websocket&sid=" + sid;
    }

    /** Polls and does not wait. */
    CompletableFuture<Reply> poll() {
        return send(http, server, "GET", query(), "");
    }

    Reply get() {
        return await(poll());
    }

    Reply post(String body) {
        return await(send(http, server, "POST", query(), body));
    }

    /** Posts packets as one payload and expects the server to take them. */
    void send(String... packets) {
        Reply reply = post(String.join(SEPARATOR, packets));
        if (reply.status != 200 || !reply.body.equals("ok")) {
            throw new AssertionError("the payload was refused with " + reply);
        }
    }

    /** The next packet other than a ping, which is answered; polls as often as it takes. */
    String next() {
        while (true) {
            String packet = received.poll();
            if (packet == null) {
                Reply reply = get();
                if (reply.status != 200) {
                    throw new AssertionError("the poll was refused with " + reply);
                }
                received.addAll(reply.packets());
            } else if (packet.equals("2")) {
                send("3");
            } else {
                return packet;
            }
        }
    }

    /** Joins the main namespace of the reference application and returns the session's id. */
    String connect() {
        send("40");
        String connected = next();
        if (!connected.startsWith("40{")) {
            throw new AssertionError("expected CONNECT, but got " + connected);
        }
        String auth = next();
        if (!auth.startsWith("42[\"auth\"")) {
            throw new AssertionError("expected the auth event, but got " + auth);
        }
        return FlatJson.text(connected, "sid");
    }
}
