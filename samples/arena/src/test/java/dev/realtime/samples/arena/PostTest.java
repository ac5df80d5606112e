package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.samples.arena.Contracts.Write;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Letters wait for those who are not there. */
class PostTest {
    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, () -> Arena.realtime(Settings.from(Map.of()), world()));

    private World world() {
        return new World(() -> cluster.time().now());
    }

    private static List<ReceivedEvent> letters(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("offline_message_delivery"))
                .toList();
    }

    private static List<String> texts(TestClient client) {
        return letters(client).stream()
                .map(letter -> letter.arguments().get(0).path("content").asText())
                .toList();
    }

    @Test
    void whoIsNotThereGetsTheLetterLaterAndOnce() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.request(WRITE, new Write("bob", "Meet me at the harbour."));
        ann.disconnect();
        cluster.advance(Duration.ofHours(1));
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.advance(Duration.ofSeconds(1));
        JsonNode letter = letters(bob).get(0).arguments().get(0);
        assertThat(letter.path("content").asText()).isEqualTo("Meet me at the harbour.");
        assertThat(letter.path("sender_id").asText()).isEqualTo("ann");
        assertThat(letter.path("sender_name").asText()).isEqualTo("ann");
        bob.acknowledge(letters(bob).get(0).ackId());
        bob.disconnect();
        TestClient again = cluster.connect(0, "/", "bob");
        cluster.advance(Duration.ofMinutes(2));
        assertThat(texts(again)).isEmpty();
    }

    @Test
    void whoIsThereGetsItAtOnceAndAgainIfItWasNotAcknowledged() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        ann.request(WRITE, new Write("bob", "Hello"));
        cluster.advance(Duration.ofSeconds(1));
        assertThat(texts(bob)).containsExactly("Hello");
        cluster.advance(Duration.ofMinutes(1));
        assertThat(texts(bob)).hasSizeGreaterThan(1).containsOnly("Hello");
    }

    @Test
    void whoseConnectionIsLostGetsItInANewWindow() {
        TestClient ann = cluster.connect(0, "/", "ann");
        TestClient bob = cluster.connect(1, "/", "bob");
        bob.dropConnection();
        ann.request(WRITE, new Write("bob", "Where are you?"));
        cluster.advance(Duration.ofSeconds(3));
        TestClient window = cluster.client(0).connect("/"); // watches, and then logs in
        window.askRaw("authenticate", Map.of("user", "bob")).answer();
        cluster.advance(Duration.ofSeconds(30));
        assertThat(texts(window)).isNotEmpty().containsOnly("Where are you?");
    }

    @Test
    void whatIsNoLetterIsRefused() {
        TestClient ann = cluster.connect(0, "/", "ann");
        assertThat(ann.ask(WRITE, new Write("bob", " ")).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.ask(WRITE, new Write("no such:id", "x")).errorCode()).isEqualTo("invalid_payload");
        TestClient watching = cluster.client(0).connect("/");
        assertThat(watching.ask(WRITE, new Write("bob", "x")).errorCode()).isEqualTo("nobody");
    }
}
