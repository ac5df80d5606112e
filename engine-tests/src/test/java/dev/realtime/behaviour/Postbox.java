package dev.realtime.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Request;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that gets mail: what it has got, and when; whether it acknowledges it is up to the test. */
final class Postbox implements ClientWatcher {
    private static final Request<JsonNode, Void> DELIVERY =
            Request.of("offline_message_delivery", JsonNode.class, Void.class);

    private final TestCluster cluster;
    private final List<JsonNode> messages = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private boolean acknowledges;
    private @Nullable TestClient client;

    private Postbox(TestCluster cluster, boolean acknowledges) {
        this.cluster = cluster;
        this.acknowledges = acknowledges;
    }

    /** Connects a client that acknowledges what it gets. */
    static Postbox of(TestCluster cluster, int node, String user) {
        return new Postbox(cluster, true).connect(node, user);
    }

    /** Connects a client that acknowledges nothing. */
    static Postbox silent(TestCluster cluster, int node, String user) {
        return new Postbox(cluster, false).connect(node, user);
    }

    private Postbox connect(int node, String user) {
        client = cluster.client(node).user(user).connect("/", this);
        cluster.settle();
        return this;
    }

    @Override
    public void connected(TestClient connected) {
        client = connected;
        if (acknowledges) {
            connected.answer(DELIVERY, message -> null);
        }
    }

    @Override
    public void received(TestClient from, ReceivedEvent event) {
        if (event.name().equals(DELIVERY.name())) {
            messages.add(event.arguments().get(0));
            times.add(cluster.time().nanoTime());
        }
    }

    /** From now on it acknowledges what it gets. */
    void acknowledge() {
        acknowledges = true;
        client().answer(DELIVERY, message -> null);
    }

    TestClient client() {
        if (client == null) {
            throw new AssertionError("it is not connected");
        }
        return client;
    }

    List<JsonNode> messages() {
        return messages;
    }

    /** What the messages say, as they came. */
    List<String> texts() {
        return messages.stream()
                .map(message -> message.path("content").path("text").asText())
                .toList();
    }

    /** How far apart they came. */
    List<Duration> gaps() {
        List<Duration> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(Duration.ofNanos(times.get(i) - times.get(i - 1)));
        }
        return gaps;
    }

    /** What it was told when all had come. */
    List<Integer> counts() {
        return client().received().stream()
                .filter(event -> event.name().equals("offline_messages_complete"))
                .map(event -> event.arguments().get(0).path("count").asInt())
                .toList();
    }
}
