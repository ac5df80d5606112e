package dev.realtime.testkit.simulation;

import dev.realtime.Fetched;
import dev.realtime.Online;
import dev.realtime.SessionView;
import dev.realtime.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Proves that all nodes agree on who is there, and that it is true (I10, I11). */
final class AgreementCheck {
    private static final Duration ANSWERED = Duration.ofMillis(200);

    private final SimulatedCluster cluster;
    private final String namespace;
    private final List<SimulatedClient> clients;

    AgreementCheck(SimulatedCluster cluster, String namespace, List<SimulatedClient> clients) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.clients = clients;
    }

    void check() {
        Set<String> there = clients.stream()
                .filter(SimulatedClient::isConnected)
                .map(client -> client.client().id())
                .collect(Collectors.toCollection(TreeSet::new));
        for (TestNode node : cluster.cluster().nodes()) {
            CompletableFuture<Fetched> asked = node.namespace(namespace).fetch().toCompletableFuture();
            cluster.cluster().advance(ANSWERED);
            if (!asked.isDone()
                    || asked.isCompletedExceptionally()
                    || !asked.join().complete()) {
                cluster.violation("I11: " + node + " does not get answers from all nodes");
                continue;
            }
            Set<String> seen = asked.join().sessions().stream()
                    .filter(SessionView::connected)
                    .map(SessionView::id)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!seen.equals(there)) {
                cluster.violation("I11: " + node + " sees " + seen + ", but it is " + there);
            }
        }
        checkOnline();
    }

    /** Of those who are not there nothing is said while their sessions may wait for them. */
    void checkOnline() {
        for (TestNode node : cluster.cluster().nodes()) {
            Map<SimulatedClient, CompletableFuture<Online>> asked =
                    new TreeMap<>((one, other) -> one.name().compareTo(other.name()));
            for (SimulatedClient client : clients) {
                asked.put(
                        client, node.namespace(namespace).online(client.name()).toCompletableFuture());
            }
            cluster.cluster().advance(ANSWERED);
            asked.forEach((client, answer) -> {
                Online said = answer.isCompletedExceptionally() ? Online.UNKNOWN : answer.getNow(Online.UNKNOWN);
                if (client.isConnected() && said != Online.YES) {
                    cluster.violation("I10: " + node + " says " + said + " of " + client + ", who is there");
                }
            });
        }
    }

    void checkNobody() {
        for (TestNode node : cluster.cluster().nodes()) {
            for (SimulatedClient client : clients) {
                CompletableFuture<Online> asked =
                        node.namespace(namespace).online(client.name()).toCompletableFuture();
                cluster.cluster().advance(ANSWERED);
                if (asked.isCompletedExceptionally() || asked.getNow(Online.UNKNOWN) != Online.NO) {
                    cluster.violation("I10: " + node + " says " + asked + " of " + client + ", who has left");
                }
            }
        }
    }
}
