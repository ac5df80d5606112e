package dev.realtime.redis.faults;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Many clients in a few zones, spread over the nodes that are up, and a steady load of reliable events. */
final class Crowd implements AutoCloseable {
    private static final int ZONES = 10;
    private static final int SAYS_PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ACCOUNTS = 10; // of those who are missing

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final List<ZoneClient> clients = new ArrayList<>();
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
    private final AtomicInteger said = new AtomicInteger();
    private @Nullable ScheduledFuture<?> load;

    Crowd(int size) {
        for (int i = 0; i < size; i++) {
            clients.add(new ZoneClient(http, timer, this::port, "z" + i % ZONES));
        }
    }

    private int port() {
        return ports.get(ThreadLocalRandom.current().nextInt(ports.size()));
    }

    /** Clients that come may be sent there. */
    void open(NodeProcess node) {
        ports.add(node.port());
    }

    /** As a load balancer does with a node that does not answer. */
    void avoid(NodeProcess node) {
        ports.remove((Integer) node.port());
    }

    void arrive() {
        clients.forEach(ZoneClient::start);
        awaitAllInTheirZones();
    }

    void awaitAllInTheirZones() {
        try {
            await("everybody in a zone")
                    .atMost(PATIENCE)
                    .until(() -> clients.stream().allMatch(ZoneClient::isInZone));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(missing(), e);
        }
    }

    private String missing() {
        List<String> accounts = clients.stream()
                .filter(client -> !client.isInZone())
                .map(ZoneClient::account)
                .toList();
        return accounts.size() + " of " + clients.size() + " clients are not in their zone; the first of them:\n"
                + String.join("\n", accounts.subList(0, Math.min(ACCOUNTS, accounts.size())));
    }

    void startLoad() {
        load = timer.scheduleAtFixedRate(this::saySomething, 0, 1_000_000 / SAYS_PER_SECOND, TimeUnit.MICROSECONDS);
    }

    private void saySomething() {
        ZoneClient speaker = clients.get(ThreadLocalRandom.current().nextInt(clients.size()));
        var unused = say(speaker, "text-" + said.incrementAndGet());
    }

    private CompletableFuture<Void> say(ZoneClient speaker, String text) {
        return speaker.say(text)
                .thenAccept(offset -> accepted.computeIfAbsent(speaker.zone(), zone -> ConcurrentHashMap.newKeySet())
                        .add(text));
    }

    /** Says so much as fast as it is accepted: the stream holds it when this returns. */
    void fill(int events) {
        int goal = accepted() + events;
        for (int i = 0; i < events; i++) {
            sayUntilAccepted(clients.get(i % clients.size()));
        }
        await("what was said is accepted").atMost(PATIENCE.multipliedBy(3)).until(() -> accepted() >= goal);
    }

    /** Again with other words when a connection was lost before it was known whether they are in the log. */
    private void sayUntilAccepted(ZoneClient speaker) {
        say(speaker, "fill-" + said.incrementAndGet())
                .orTimeout(20, TimeUnit.SECONDS)
                .whenComplete((accepted, failure) -> {
                    if (failure != null && !timer.isShutdown()) {
                        timer.schedule(() -> sayUntilAccepted(speaker), 100, TimeUnit.MILLISECONDS);
                    }
                });
    }

    /** How long clients have waited to be let in since this was asked last, in milliseconds: half of them at most, 99 of 100, all. */
    String waits() {
        List<Long> waits = new ArrayList<>();
        clients.forEach(client -> waits.addAll(client.takeWaits()));
        waits.sort(null);
        if (waits.isEmpty()) {
            return "nobody came";
        }
        return waits.size() + " came back within " + millis(waits, 0.5) + ", " + millis(waits, 0.99) + ", "
                + millis(waits, 1) + " ms";
    }

    private static long millis(List<Long> sorted, double share) {
        return TimeUnit.NANOSECONDS.toMillis(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
    }

    /** How much has been accepted by now. */
    int accepted() {
        return accepted.values().stream().mapToInt(Set::size).sum();
    }

    void awaitAccepted(int more) {
        int goal = accepted() + more;
        await("the load goes on").atMost(PATIENCE).until(() -> accepted() >= goal);
    }

    /** Ends the load, lets everybody come back, says a last word in each zone and waits until everybody there has heard it. */
    Evidence rest() {
        if (load != null) {
            load.cancel(false);
        }
        awaitAllInTheirZones();
        for (int zone = 0; zone < ZONES; zone++) {
            lastWord("z" + zone);
        }
        return Evidence.of(clients.stream().map(ZoneClient::book).toList(), accepted);
    }

    private void lastWord(String zone) {
        List<ZoneClient> members =
                clients.stream().filter(client -> client.zone().equals(zone)).toList();
        List<String> words = new CopyOnWriteArrayList<>();
        await("the last word in " + zone)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    // said again if somebody had to begin anew after it
                    if (words.stream()
                            .anyMatch(word -> members.stream().allMatch(member -> member.hasReceived(word)))) {
                        return true;
                    }
                    String word = "last-" + said.incrementAndGet();
                    words.add(word);
                    say(members.get(ThreadLocalRandom.current().nextInt(members.size())), word);
                    return false;
                });
    }

    /** Everybody says goodbye. */
    void leave() {
        clients.forEach(ZoneClient::leave);
    }

    @Override
    public void close() {
        clients.forEach(ZoneClient::stop);
        timer.shutdownNow();
    }
}
