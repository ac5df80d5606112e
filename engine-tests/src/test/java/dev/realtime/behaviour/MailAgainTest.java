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
    void anAcknowledgementLeavesANewerMessageOfTheSameIdAlone() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        cluster.await(mail("/").user("bob").emit(DAILY, new Text("monday")));
        cluster.await(mail("/").mail().clear("bob"));
        cluster.await(mail("/").user("bob").emit(DAILY, new Text("tuesday")));
        bob.acknowledgeAll();
        cluster.advance(Duration.ofMillis(10));
        assertThat(bob.texts()).containsExactly("monday");
        assertThat(kept()).isOne();
    }

    @Test
    void whatAnotherDeviceHasAcknowledgedBeforeLeavesANewerMessageOfTheSameIdAlone() {
        Namespace every = mail("/every");
        Postbox phone = Postbox.without(cluster, 1, "/every", "bob", "monday", "tuesday");
        cluster.await(every.user("bob").emit(DAILY, new Text("monday")));
        Postbox desk = Postbox.without(cluster, 0, "/every", "bob", "tuesday");
        cluster.advance(Duration.ofSeconds(1));
        cluster.await(every.user("bob").emit(DAILY, new Text("tuesday")));
        phone.acknowledgeFirst();
        cluster.advance(Duration.ofMillis(10));
        assertThat(desk.texts()).containsExactly("monday", "tuesday");
        assertThat(cluster.await(every.mail().count("bob"))).isOne();
    }

    @Test
    void anAcknowledgementThatComesWhileItsMessageIsLookedForAgainIsHeard() {
        for (int when = 15_000; when <= 15_600; when += 50) {
            String user = "u" + when;
            Postbox bob = Postbox.silent(cluster, 1, user);
            cluster.await(mail("/").user(user).emit(LETTER, new Text("hi")));
            cluster.node(1).latency(Duration.ofMillis(100), Duration.ofMillis(100));
            cluster.advance(Duration.ofMillis(when));
            int before = bob.texts().size();
            bob.acknowledgeAll();
            cluster.advance(Duration.ofSeconds(1));
            cluster.node(1).latency(Duration.ZERO, Duration.ZERO);
            assertThat(bob.texts()).as("after %d ms", when).hasSize(before);
            assertThat(cluster.await(mail("/").mail().count(user)))
                    .as("after %d ms", when)
                    .isZero();
        }
    }

    @Test
    void aLateAcknowledgementWaitsForNoOther() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(mail("/"), "1", "2");
        cluster.advance(Duration.ofSeconds(11));
        assertThat(bob.texts()).containsExactly("1", "2");
        bob.acknowledgeFirst();
        cluster.advance(Duration.ofMillis(10));
        assertThat(kept()).as("though the client reads another one").isOne();
    }

    @Test
    void whatADeviceDidNotAcknowledgeAnotherGetsAsSoonAsItHasGone() {
        for (boolean disconnects : new boolean[] {true, false}) {
            Namespace game = mail("/");
            Postbox phone = Postbox.silent(cluster, 1, "bob");
            send(game, "1", "2", "3", "4");
            cluster.advance(Duration.ofSeconds(95));
            Postbox desk = Postbox.of(cluster, 0, "bob");
            if (disconnects) {
                phone.client().disconnect();
            } else {
                phone.client().dropConnection();
            }
            cluster.advance(Duration.ofSeconds(1));
            assertThat(desk.texts()).containsExactlyInAnyOrder("1", "2", "3", "4");
            desk.client().disconnect();
        }
    }

    @Test
    void aClientThatComesAgainGetsAllAtOnceTheOldestFirstAndIsToldHowMany() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(mail("/"), "1", "2", "3", "4");
        cluster.advance(Duration.ofSeconds(95));
        int before = bob.texts().size();
        bob.acknowledge();
        bob.client().dropConnection();
        bob.client().reconnect(1);
        cluster.advance(Duration.ofSeconds(1));
        assertThat(bob.texts().subList(before, bob.texts().size())).containsExactly("1", "2", "3", "4");
        assertThat(bob.counts()).containsExactly(4);
    }

    @Test
    void aClientThatComesAgainWhileItsMailboxIsLookedIntoIsToldHowMany() {
        for (int when = 15_000; when <= 15_800; when += 50) {
            String user = "u" + when;
            Postbox bob = Postbox.silent(cluster, 1, user);
            cluster.await(mail("/").user(user).emit(LETTER, new Text("hi")));
            cluster.node(1).latency(Duration.ofMillis(200), Duration.ofMillis(200));
            cluster.advance(Duration.ofMillis(when));
            bob.acknowledge();
            bob.client().dropConnection();
            bob.client().beginReconnect(1);
            cluster.advance(Duration.ofMinutes(1));
            cluster.node(1).latency(Duration.ZERO, Duration.ZERO);
            assertThat(bob.counts()).as("after %d ms", when).containsExactly(1);
        }
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
