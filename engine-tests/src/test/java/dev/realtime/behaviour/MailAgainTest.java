package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Recovery;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.mail.MailOptions;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client does not acknowledge comes again, and stands in nobody's way. */
class MailAgainTest {
    private static final Event<Text> LETTER = Event.of("letter", Text.class).persistOffline();
    private static final Event<Text> DAILY =
            Event.of("daily", Text.class).persistOffline((draft, text) -> draft.id("daily"));
    private static final MailOptions EVERY_DEVICE = MailOptions.DEFAULT.everyDevice(true);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, MailAgainTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .recovery(Recovery.within(Duration.ofMinutes(2)))
                .namespace("/", game -> game.mail(MailOptions.DEFAULT))
                .namespace("/every", game -> game.mail(EVERY_DEVICE));
    }

    private Namespace mail(String namespace) {
        return cluster.node(0).namespace(namespace);
    }

    private int kept() {
        return cluster.await(mail("/").mail().count("bob"));
    }

    private void send(Namespace to, String... texts) {
        for (String text : texts) {
            cluster.await(to.user("bob").emit(LETTER, new Text(text)));
        }
    }

    @Test
    void howeverManyAreNotAcknowledgedTheyHoldUpNoOther() {
        for (String namespace : List.of("/", "/every")) {
            Namespace game = mail(namespace);
            send(game, "bad1", "bad2", "bad3", "good1", "good2");
            Postbox bob = Postbox.without(cluster, 1, namespace, "bob", "bad1", "bad2", "bad3");
            cluster.advance(Duration.ofSeconds(31));
            assertThat(bob.texts()).as(namespace).startsWith("bad1", "bad2", "bad3", "good1", "good2");
        }
    }

    @Test
    void aNewMessageComesBehindTheOneThatIsOnItsWayAndBeforeAllOthersThatComeAgain() {
        for (String namespace : List.of("/", "/every")) {
            Namespace game = mail(namespace);
            Postbox bob = Postbox.without(cluster, 1, namespace, "bob", "bad1", "bad2", "bad3");
            send(game, "bad1", "bad2", "bad3");
            cluster.advance(Duration.ofMinutes(5));
            for (int i = 0; i < 50; i++) {
                send(game, "good" + i);
                cluster.advance(Duration.ofSeconds(11));
                assertThat(bob.texts()).as(namespace).contains("good" + i);
            }
        }
    }

    @Test
    void allOfThemComeAgainWhenThereIsNothingElse() {
        for (String namespace : List.of("/", "/every")) {
            Postbox bob = Postbox.without(cluster, 1, namespace, "bob", "bad1", "bad2", "bad3");
            send(mail(namespace), "bad1", "bad2", "bad3");
            cluster.advance(Duration.ofMinutes(10));
            for (String text : List.of("bad1", "bad2", "bad3")) {
                assertThat(Collections.frequency(bob.texts(), text))
                        .as(namespace)
                        .isGreaterThan(10);
            }
            bob.acknowledge();
            cluster.advance(Duration.ofMinutes(1));
            assertThat(cluster.await(mail(namespace).mail().count("bob"))).isZero();
        }
    }

    @Test
    void theCountIsToldThoughSomeAreNotAcknowledged() {
        send(mail("/"), "bad1", "bad2", "bad3", "good1", "good2");
        Postbox bob = Postbox.without(cluster, 1, "/", "bob", "bad1", "bad2", "bad3");
        cluster.advance(Duration.ofMinutes(2));
        assertThat(bob.counts()).containsExactly(2);
    }

    @Test
    void anAcknowledgementThatComesLateRemovesItsMessageToo() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(mail("/"), "1", "2");
        cluster.advance(Duration.ofSeconds(11));
        assertThat(bob.texts()).containsExactly("1", "2");
        bob.acknowledgeAll();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(kept()).isZero();
        assertThat(bob.texts()).containsExactly("1", "2");
    }

    @Test
    void aRemovalThatIsMadeAgainLeavesANewerMessageOfTheSameIdAlone() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        cluster.await(mail("/").user("bob").emit(DAILY, new Text("monday")));
        cluster.node(1).cutFromBackend();
        bob.acknowledgeAll();
        cluster.advance(Duration.ofMillis(500));
        assertThat(kept()).as("it was made, and its answer was lost").isZero();
        cluster.await(mail("/").user("bob").emit(DAILY, new Text("tuesday")));
        cluster.node(1).heal();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(bob.texts()).contains("tuesday");
        assertThat(kept()).isOne();
    }

    @Test
    void aMessageStaysWithItsDeviceThoughTheSessionMovesToAnotherNode() {
        for (int latency : new int[] {1, 50, 100, 300}) {
            String user = "u" + latency;
            Postbox phone = Postbox.silent(cluster, 0, user);
            cluster.await(mail("/").user(user).emit(LETTER, new Text("hi")));
            Postbox desk = Postbox.silent(cluster, 1, user);
            cluster.node(0).latency(Duration.ofMillis(latency), Duration.ofMillis(latency));
            phone.client().loseNetwork();
            phone.client().beginReconnect(1);
            cluster.advance(Duration.ofSeconds(7));
            cluster.node(0).latency(Duration.ZERO, Duration.ZERO);
            assertThat(phone.texts().size() + desk.texts().size())
                    .as("latency %d", latency)
                    .isEqualTo(2); // at the old home, and once more
        }
    }
}
