package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Namespaces that come into being by a client's word: bounded, gone with their last session, and exact when they come again. */
class PatternNamespaceTest {
    private final List<String> asked = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxPatternNamespaces(40))
            .namespace("/", game -> game.allowAnonymous().on(ECHO, (session, text) -> text))
            .namespaces(
                    name -> asked.add(name) && Pattern.matches("/match-.*", name),
                    game -> game.allowAnonymous().on(ECHO, (session, text) -> text)));

    private long live() {
        return realtime.realtime().stats().gauges().get("namespaces.live");
    }

    private void tick(String namespace, int from, int through) {
        for (int i = from; i < through; i++) {
            realtime.await(realtime.namespace(namespace).emit(Game.TICK, new Number(i)));
        }
    }

    private InMemoryConnection connected(String address) {
        return realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .from(address)
                        .view());
    }

    @Test
    void aFloodOfNamespacesIsBoundedForOneAddressAndInAll() {
        InMemoryConnection eve = connected("198.51.100.1");
        InMemoryConnection second = connected("198.51.100.1");
        for (int i = 0; i < 16; i++) {
            eve.send("40/match-" + i + ",");
            second.send("40/match-more-" + i + ",");
        }
        realtime.settle();
        assertThat(live()).as("16 for one address, and the main one").isEqualTo(17);
        assertThat(second.texts())
                .anyMatch(text -> text.contains("namespaces_full") && text.contains("\"retryAfterMs\":5000"));
        for (int address = 0; address < 5; address++) {
            InMemoryConnection other = connected("203.0.113." + address);
            for (int i = 0; i < 10; i++) {
                other.send("40/match-" + address + "-" + i + ",");
            }
        }
        realtime.settle();
        assertThat(live()).isEqualTo(41);
        assertThat(realtime.realtime().stats().counters().get("namespaces.refused"))
                .isEqualTo(16 + 26);
        TestClient main = realtime.client().connect("/");
        assertThat(main.request(ECHO, new Text("as before"))).isEqualTo(new Text("as before"));
        realtime.transport().connections().forEach(InMemoryConnection::reset);
        realtime.advance(Duration.ofMinutes(5));
        assertThat(live()).as("when all have left and their windows are over").isEqualTo(1);
        connected("198.51.100.1").send("40/match-again,");
        realtime.settle();
        assertThat(live()).isEqualTo(2);
    }

    @Test
    void aNamespaceLivesAsLongAsASuspendedSession() {
        TestClient ann = realtime.connect("/match-1", "ann");
        tick("/match-1", 0, 2);
        ann.dropConnection();
        realtime.advance(Duration.ofSeconds(90));
        tick("/match-1", 2, 5);
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(Game.ticks(ann)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aNamespaceThatTheApplicationHoldsEndsAndComesAgain() {
        Namespace held = realtime.namespace("/match-1");
        TestClient ann = realtime.connect("/match-1", "ann");
        ann.disconnect();
        realtime.advance(Duration.ofMinutes(5));
        assertThat(live()).isEqualTo(1);
        TestClient bob = realtime.connect("/match-1", "bob");
        realtime.await(held.emit(Game.TICK, new Number(7)));
        assertThat(Game.ticks(bob)).containsExactly(7);
        assertThat(held.sessions()).hasSize(1);
        bob.disconnect();
        realtime.advance(Duration.ofMinutes(5));
        realtime.await(held.emit(Game.TICK, new Number(8)));
        assertThat(live()).isEqualTo(2);
        realtime.advance(Duration.ofMinutes(5));
        assertThat(live()).as("when it has not been used for a while").isEqualTo(1);
    }

    @Test
    void whatIsNoNameOfANamespaceIsNotAskedFor() {
        for (String name : List.of("/match-a#node", "/match-a b", "/match-" + "x".repeat(200), "/match-\u0000")) {
            InMemoryConnection eve = connected("198.51.100.1");
            eve.send("40" + name + ",");
            realtime.settle();
        }
        assertThat(asked).isEmpty();
        assertThat(live()).isEqualTo(1);
    }

    @Test
    void anUnknownNamespaceIsNoneForTheApplicationEither() {
        assertThatIllegalArgumentException().isThrownBy(() -> realtime.namespace("/other"));
    }
}
