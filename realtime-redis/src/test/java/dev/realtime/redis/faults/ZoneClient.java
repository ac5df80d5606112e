package dev.realtime.redis.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client as the official ones are: it answers pings, notices a server that is silent, comes back to another node after a jittered delay
 * with the private id and the last offset, and knows by the session's id whether it was recovered. It writes down what it receives, one
 * {@link Life} for each session.
 */
final class ZoneClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SILENCE_NANOS =
            TimeUnit.MILLISECONDS.toNanos(3_500); // ping interval and timeout, and a bit

    private final HttpClient http;
    private final ScheduledExecutorService timer;
    private final Supplier<Integer> ports;
    private final String zone;
    private final Map<Integer, CompletableFuture<String>> acks = new ConcurrentHashMap<>();
    // guarded by this
    private final List<Life> lives = new ArrayList<>();
    private final List<String> diary = new ArrayList<>();
    private @Nullable TextSender sender; // of the connection on which it has a session
    private @Nullable String sessionId;
    private @Nullable String privateId;
    private @Nullable String offset;
    private boolean entered;
    private int member = Integer.MAX_VALUE; // see Life
    private int attempt; // of a connection; what an older one reports is ignored
    private int resumed;
    private long awaySince; // when its first attempt to come back began; zero while it is there
    private final List<Long> waits = new ArrayList<>();
    private long heard;
    private int nextAck;

    /** One received event. */
    record Received(String offset, String text) {}

    /**
     * One session, from its first event to the last.
     *
     * @param member how many events had come when the client was told that it is in its zone: a membership that no node has confirmed may
     *     be lost with the node, and begins anew when the client asks again
     */
    record Life(String sessionId, List<Received> received, int member) {}

    ZoneClient(HttpClient http, ScheduledExecutorService timer, Supplier<Integer> ports, String zone) {
        this.http = http;
        this.timer = timer;
        this.ports = ports;
        this.zone = zone;
    }

    String zone() {
        return zone;
    }

    void start() {
        connect();
        timer.scheduleWithFixedDelay(this::watch, 500, 500, TimeUnit.MILLISECONDS);
    }

    private void connect() {
        int mine;
        synchronized (this) {
            mine = ++attempt;
            sender = null;
            entered = false;
            heard = System.nanoTime();
            awaySince = awaySince == 0 ? heard : awaySince;
        }
        int port = ports.get();
        note("connects to " + port);
        URI address = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket");
        CompletionStage<WebSocket> opening = http.newWebSocketBuilder().buildAsync(address, new Listener(mine));
        opening.whenComplete((opened, failure) -> {
            if (failure != null) {
                lost(mine);
            }
        });
    }

    private void watch() {
        int silent = -1;
        synchronized (this) {
            if (System.nanoTime() - heard > SILENCE_NANOS) {
                silent = attempt;
                if (sender != null) {
                    sender.abort();
                }
            }
        }
        if (silent >= 0) {
            lost(silent);
        }
    }

    private void lost(int which) {
        synchronized (this) {
            if (which != attempt) {
                return;
            }
            attempt++;
            sender = null;
            entered = false;
            note("has lost its connection");
            heard = Long.MAX_VALUE / 2 + System.nanoTime(); // not watched until the next attempt
        }
        acks.values().forEach(waiting -> waiting.completeExceptionally(new IllegalStateException("disconnected")));
        acks.clear();
        timer.schedule(this::connect, ThreadLocalRandom.current().nextInt(100, 1_000), TimeUnit.MILLISECONDS);
    }

    private void message(int which, TextSender from, String text) {
        String reply = null;
        synchronized (this) {
            if (which != attempt) {
                return;
            }
            heard = System.nanoTime();
            char type = text.charAt(0);
            if (type == '0') {
                reply = "40" + credentials();
            } else if (type == '2') {
                reply = "3";
            } else if (text.startsWith("40")) {
                connected(from, read(text.substring(2)));
                reply = "420[\"enter\",\"" + zone + "\"]";
            } else if (text.startsWith("42")) {
                event(read(text.substring(2)));
            } else if (text.equals("430[true]")) {
                entered = true;
                note("is in its zone");
                member = Math.min(member, lives.get(lives.size() - 1).received.size());
                acked(text);
            } else if (text.startsWith("43")) {
                acked(text);
            } else {
                note("is told " + text);
            }
        }
        if (reply != null) {
            String sent = reply;
            var unused = from.send(reply).whenComplete((done, failure) -> {
                if (failure != null) {
                    note("could not send " + sent + ": " + failure);
                }
            });
        }
    }

    private String credentials() {
        return privateId == null
                ? ""
                : "{\"pid\":\"" + privateId + "\"" + (offset == null ? "" : ",\"offset\":\"" + offset + "\"") + "}";
    }

    private void connected(TextSender on, JsonNode data) {
        sender = on;
        waits.add(System.nanoTime() - awaySince);
        awaySince = 0;
        String id = data.get("sid").textValue();
        note((id.equals(sessionId) ? "resumes " : "begins ") + id + " behind " + offset);
        if (id.equals(sessionId)) {
            resumed++;
        } else {
            lives.add(new Life(id, new ArrayList<>(), 0));
            member = Integer.MAX_VALUE;
        }
        sessionId = id;
        privateId = data.path("pid").textValue();
    }

    private void event(JsonNode data) {
        String last = data.get(data.size() - 1).textValue();
        offset = last;
        lives.get(lives.size() - 1).received.add(new Received(last, data.get(1).textValue()));
    }

    private void acked(String text) {
        int bracket = text.indexOf('[');
        CompletableFuture<String> waiting = acks.remove(Integer.parseInt(text.substring(2, bracket)));
        if (waiting != null) {
            JsonNode answer = read(text.substring(bracket)).get(0);
            if (answer.isTextual()) {
                waiting.complete(answer.textValue());
            } else {
                waiting.completeExceptionally(new IllegalStateException(answer.toString()));
            }
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Says something in the zone; completes with its place in the log, or exceptionally when it is not known to be there. */
    CompletableFuture<String> say(String text) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        TextSender open;
        int id;
        synchronized (this) {
            open = sender;
            id = ++nextAck;
        }
        if (open == null) {
            answer.completeExceptionally(new IllegalStateException("not connected"));
            return answer;
        }
        acks.put(id, answer);
        var unused = open.send("42" + id + "[\"say\",{\"zone\":\"" + zone + "\",\"text\":\"" + text + "\"}]")
                .whenComplete((sent, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    }
                });
        return answer;
    }

    /** How long it took to be let in again, from the first attempt on, since it was asked last; its own back-off before that not counted. */
    synchronized List<Long> takeWaits() {
        List<Long> taken = List.copyOf(waits);
        waits.clear();
        return taken;
    }

    synchronized boolean isInZone() {
        return entered;
    }

    /** Where it is, for the one who looks for the cause when it is not in its zone. */
    synchronized String account() {
        return "session " + sessionId + " of " + zone + ", " + (sender == null ? "not connected" : "connected")
                + ", has " + acks.size() + " unanswered:\n  " + String.join("\n  ", diary);
    }

    synchronized Evidence.Book book() {
        List<Life> copy = new ArrayList<>();
        for (Life life : lives) {
            copy.add(new Life(life.sessionId, List.copyOf(life.received), member));
        }
        return new Evidence.Book(zone, copy, resumed, List.copyOf(diary));
    }

    /** What happened, with milliseconds since 1970 as the log's positions have them. */
    private synchronized void note(String what) {
        diary.add(System.currentTimeMillis() + " " + what);
    }

    synchronized boolean hasReceived(String text) {
        if (lives.isEmpty()) {
            return false;
        }
        List<Received> received = lives.get(lives.size() - 1).received;
        for (int i = received.size() - 1; i >= 0; i--) {
            if (received.get(i).text().equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** Says goodbye, and does not come back. */
    synchronized void leave() {
        attempt = Integer.MAX_VALUE;
        heard = Long.MAX_VALUE / 2 + System.nanoTime(); // not watched: it would come back
        if (sender != null) {
            var unused = sender.send("41");
        }
    }

    synchronized void stop() {
        attempt = Integer.MAX_VALUE;
        if (sender != null) {
            sender.abort();
        }
    }

    /** One connection. */
    private final class Listener implements WebSocket.Listener {
        private final int which;
        private final StringBuilder parts = new StringBuilder();
        private @Nullable TextSender sender;

        Listener(int which) {
            this.which = which;
        }

        @Override
        public void onOpen(WebSocket opened) {
            sender = new TextSender(opened);
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            TextSender open = sender;
            if (last && open != null) {
                String text = parts.toString();
                parts.setLength(0);
                message(which, open, text);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            lost(which);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            lost(which);
        }
    }
}
