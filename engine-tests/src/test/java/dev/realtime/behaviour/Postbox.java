package dev.realtime.behaviour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.realtime.testkit.ClientWatcher;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client that gets mail: what it has got, and when; whether it acknowledges it is up to the test. */
final class Postbox implements ClientWatcher {
    static final String DELIVERY = "offline_message_delivery";

    private final TestCluster cluster;
    private final List<String> names = new ArrayList<>();
    private final List<JsonNode> messages = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final Set<String> unread = new HashSet<>();
    private final List<Long> open = new ArrayList<>();
    private boolean acknowledges;
    private @Nullable TestClient client;

    private Postbox(TestCluster cluster, boolean acknowledges) {
        this.cluster = cluster;
        this.acknowledges = acknowledges;
    }

    /** Connects a client that acknowledges what it gets. */
    static Postbox of(TestCluster cluster, int node, String user) {
        return new Postbox(cluster, true).connect(node, "/", user);
    }

    /** Connects a client that acknowledges nothing. */
    static Postbox silent(TestCluster cluster, int node, String user) {
        return new Postbox(cluster, false).connect(node, "/", user);
    }

    /** Connects a client that acknowledges all but messages that say this. */
    static Postbox without(TestCluster cluster, int node, String namespace, String user, String... unread) {
        Postbox postbox = new Postbox(cluster, true);
        postbox.unread.addAll(Set.of(unread));
        return postbox.connect(node, namespace, user);
    }

    private Postbox connect(int node, String namespace, String user) {
        client = cluster.client(node).user(user).connect(namespace, this);
        cluster.settle();
        return this;
    }

    @Override
    public void connected(TestClient connected) {
        client = connected;
    }

    @Override
    public void received(TestClient from, ReceivedEvent event) {
        Long ackId = event.ackId();
        if (ackId == null || event.name().equals("question")) {
            return;
        }
        names.add(event.name());
        messages.add(message(event));
        times.add(cluster.time().nanoTime());
        if (acknowledges && !unread.contains(text(message(event)))) {
            from.acknowledge(ackId);
        } else {
            open.add(ackId);
        }
    }

    /** One that comes as itself has what it says in front of the rest. */
    private static JsonNode message(ReceivedEvent event) {
        List<JsonNode> arguments = event.arguments();
        JsonNode last = arguments.get(arguments.size() - 1);
        if (arguments.size() == 1) {
            return last;
        }
        ObjectNode message = last.deepCopy();
        return message.set("content", arguments.get(0));
    }

    /** From now on it acknowledges what it gets. */
    void acknowledge() {
        acknowledges = true;
        unread.clear();
    }

    /** Acknowledges what it has got and has not acknowledged yet. */
    void acknowledgeAll() {
        open.forEach(client()::acknowledge);
        open.clear();
    }

    /** Acknowledges what it has got first of what it has not acknowledged yet. */
    void acknowledgeFirst() {
        client().acknowledge(open.remove(0));
    }

    TestClient client() {
        if (client == null) {
            throw new AssertionError("it is not connected");
        }
        return client;
    }

    /** The names of the events in which messages came. */
    List<String> names() {
        return names;
    }

    List<JsonNode> messages() {
        return messages;
    }

    /** What the messages say, as they came. */
    List<String> texts() {
        return messages.stream().map(Postbox::text).toList();
    }

    private static String text(JsonNode message) {
        return message.path("content").path("text").asText();
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
