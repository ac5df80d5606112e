package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.BUY;
import static dev.realtime.samples.arena.Contracts.ENTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.samples.arena.Contracts.Bought;
import dev.realtime.samples.arena.Contracts.Buy;
import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is bought is paid for once. */
class MarketTest {
    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, () -> Arena.realtime(Settings.from(Map.of()), world()));

    private TestClient ann;

    private World world() {
        return new World(() -> cluster.time().now());
    }

    @BeforeEach
    void connect() {
        ann = cluster.connect(0, "/", "ann");
        ann.request(ENTER, new Enter("market"));
    }

    /** What the page was told of the purse, the last one. */
    private static JsonNode purse(TestClient client) {
        List<JsonNode> told = client.received().stream()
                .filter(event -> event.name().startsWith("purse:state-"))
                .map(event -> event.arguments().get(0).path("state"))
                .toList();
        return told.get(told.size() - 1);
    }

    @Test
    void whatIsAskedForTwiceIsPaidForOnce() {
        Buy rope = new Buy("r1", "rope");
        assertThat(ann.request(BUY, rope)).isEqualTo(new Bought("rope", 8));
        assertThat(ann.request(BUY, rope)).isEqualTo(new Bought("rope", 8));
        assertThat(ann.request(BUY, new Buy("r2", "rope")).coins()).isEqualTo(6);
        assertThat(purse(ann).path("goods").path("rope").asInt()).isEqualTo(2);
    }

    @Test
    void atAnotherNodeTooAfterTheFirstHasGone() {
        Buy lantern = new Buy("r1", "lantern");
        ann.request(BUY, lantern);
        ann.dropConnection();
        cluster.node(0).kill();
        ann.reconnect(1);
        assertThat(ann.request(BUY, lantern)).isEqualTo(new Bought("lantern", 5));
    }

    @Test
    void whoComesAgainSeesTheOwnPurseAndNobodyElsesDoes() {
        ann.request(BUY, new Buy("r1", "apple"));
        ann.disconnect();
        TestClient again = cluster.connect(1, "/", "ann");
        assertThat(purse(again).path("coins").asInt()).isEqualTo(9);
        TestClient bob = cluster.connect(0, "/", "bob");
        assertThat(bob.received()).noneMatch(event -> event.name().startsWith("purse:"));
    }

    @Test
    void whatCannotBeBoughtIsSaid() {
        assertThat(ann.ask(BUY, new Buy("r1", "moon")).errorCode()).isEqualTo("not_for_sale");
        assertThat(ann.ask(BUY, new Buy("", "rope")).errorCode()).isEqualTo("invalid_payload");
        ann.request(BUY, new Buy("r2", "lantern"));
        ann.request(BUY, new Buy("r3", "lantern"));
        assertThat(ann.ask(BUY, new Buy("r4", "apple")).errorCode()).isEqualTo("too_expensive");
        ann.request(ENTER, new Enter("tavern"));
        assertThat(ann.ask(BUY, new Buy("r5", "apple")).errorCode()).isEqualTo("not_at_the_market");
    }
}
