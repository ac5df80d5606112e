package dev.realtime.benchmarks.hostile;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The server drains while forty clients send events by polling. Not an attack: what was answered 200 shall be handled, and before the end. */
final class DrainUnderLoad implements Attack {
    private static final int CLIENTS = 40;
    private static final int EVENTS = 10;
    private static final int PAUSE_MILLIS = 70; // a little more than their handlers need
    private static final char RECORD_SEPARATOR = '\u001e';

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<Integer> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicInteger acceptedWhileDraining = new AtomicInteger();

    @Override
    public String name() {
        return "drain";
    }

    @Override
    public boolean stopsServer() {
        return true;
    }

    @Override
    public String run(Intruders intruders) throws Exception {
        String url = "http://127.0.0.1:" + intruders.target().port() + "/socket.io/?EIO=4&transport=polling";
        for (int i = 0; i < CLIENTS; i++) {
            String answer = get(url);
            int start = answer.indexOf("\"sid\":\"") + 7;
            String session = url + "&sid=" + answer.substring(start, answer.indexOf('"', start));
            post(session, "40");
            while (!get(session).contains("40{")) {
                // a ping: what comes before the answer has no session yet
            }
            intruders.run(() -> poll(session));
            intruders.run(() -> send(session));
        }
        Thread.sleep(3_000);
        draining.set(true);
        String[] answer = intruders.target().ask("drain").orElseThrow().split(" ", -1);
        List<Integer> handled = Arrays.stream(
                        answer[3].replaceAll("[\\[\\]]", "").split(",", -1))
                .map(Integer::valueOf)
                .toList();
        Set<Integer> inTime = new HashSet<>(handled.subList(0, Integer.parseInt(answer[1])));
        Set<Integer> ever = new HashSet<>(handled);
        return "drained in %s ms; of %d events in POSTs that were answered 200, %d of them since the drain began, %d were handled after its end and %d never; %s ends told after it"
                .formatted(
                        answer[0],
                        accepted.size(),
                        acceptedWhileDraining.get(),
                        accepted.stream()
                                .filter(ever::contains)
                                .filter(number -> !inTime.contains(number))
                                .count(),
                        accepted.stream()
                                .filter(number -> !ever.contains(number))
                                .count(),
                        answer[2]);
    }

    private void poll(String session) throws IOException, InterruptedException {
        while (true) {
            get(session);
        }
    }

    private void send(String session) throws IOException, InterruptedException {
        while (true) {
            int first = numbers.getAndAdd(EVENTS);
            StringBuilder body = new StringBuilder();
            for (int number = first; number < first + EVENTS; number++) {
                if (number > first) {
                    body.append(RECORD_SEPARATOR);
                }
                body.append("42[\"work\",").append(number).append(']');
            }
            post(session, body.toString());
            for (int number = first; number < first + EVENTS; number++) {
                accepted.add(number);
            }
            if (draining.get()) {
                acceptedWhileDraining.addAndGet(EVENTS);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private String get(String url) throws IOException, InterruptedException {
        return exchange(HttpRequest.newBuilder(URI.create(url)));
    }

    private void post(String url, String body) throws IOException, InterruptedException {
        exchange(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "text/plain;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private String exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("refused: " + response.statusCode());
        }
        return response.body();
    }
}
