package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.mail.Importance;
import dev.realtime.mail.MailMessage;
import dev.realtime.mail.MailOptions;
import dev.realtime.mail.MailboxFullException;
import dev.realtime.spi.Backend;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message to a user is there until a client of the user has acknowledged it, whoever comes and goes. */
class MailTest {
    private static final Event<Text> LETTER = Event.of("letter", Text.class).persistOffline();
    private static final Event<Text> PRIVATE =
            Event.of("private", Text.class).category("chat").persistOffline();
    private static final Event<Text> SHORT =
            Event.of("short", Text.class).expiresAfter(Duration.ofMinutes(5)).persistOffline();
    private static final Event<Text> NUMBERED =
            Event.of("numbered", Text.class).persistOffline((draft, text) -> draft.id(text.text()));
    private static final Event<byte[]> PICTURE =
            Event.of("picture", byte[].class).persistOffline();
    private static final Event<Void> RESET = Event.of("reset").persistOffline();
    private static final Event<Text> WRAPPED = Event.of("wrapped", Text.class)
            .envelope((envelope, text) -> Map.of("event", envelope.event(), "data", text))
            .persistOffline((draft, text) -> draft.content("short"));
    private static final Event<Move> MOVE =
            Event.ofArguments("move", Move.class).persistOffline();
    private static final Event<Text> ESCAPED =
            Event.of("escaped", Text.class).persistOffline((draft, text) -> draft.senderName("\u0001".repeat(300_000)));
    private static final Request<String, String> QUESTION = Request.of("question", String.class, String.class);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static MailOptions options = MailOptions.DEFAULT;

    record Move(int x, int y) {}

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, MailTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.mail(options)
                                .on(
                                        Game.SAY,
                                        (session, say) ->
                                                session.room("user:bob").emit(PRIVATE, say)))
                .namespace("/late", game -> game.allowAnonymous().mail(options))
                .namespace("/without", game -> {});
    }

    private static Event<Text> of(Importance importance) {
        return Event.of("important", Text.class)
                .persistOffline((draft, text) -> draft.importance(importance).metadata(Map.of("from", "guild")));
    }

    private Namespace on(int node) {
        return cluster.node(node).namespace("/");
    }

    private void send(int node, String... texts) {
        for (String text : texts) {
            cluster.await(on(node).user("bob").emit(LETTER, new Text(text)));
        }
    }

    private List<MailMessage> mailbox() {
        return cluster.await(on(0).mail().list("bob"));
    }

    private List<String> kept() {
        return mailbox().stream().map(MailMessage::content).toList();
    }

    private static String json(String text) {
        return "{\"text\":\"" + text + "\"}";
    }

    private long counter(String name) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.realtime().stats().counters().getOrDefault(name, 0L))
                .sum();
    }

    /** Restarts the nodes with other options, for as long as a test takes. */
    private void with(MailOptions other, Runnable test) {
        options = other;
        try {
            cluster.nodes().forEach(node -> {
                node.kill();
                node.restart();
            });
            cluster.advance(Duration.ofMinutes(1));
            test.run();
        } finally {
            options = MailOptions.DEFAULT;
        }
    }

    // ---- it arrives

    @Test
    void aMessageReachesAUserWhoIsThereAtOnceAndOnce() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        Postbox ann = Postbox.of(cluster, 0, "ann");
        send(0, "hi");
        assertThat(bob.texts()).containsExactly("hi");
        cluster.advance(Duration.ofHours(1));
        assertThat(bob.texts()).containsExactly("hi");
        assertThat(bob.counts()).as("nothing had waited").isEmpty();
        assertThat(ann.texts()).isEmpty();
        assertThat(kept()).isEmpty();
        assertThat(counter("mail.stored")).isOne();
        assertThat(counter("mail.acknowledged")).isOne();
    }

    @Test
    void messagesWaitForTheirUserAndComeOldestFirstAndPaced() {
        send(0, "1", "2", "3");
        assertThat(kept()).containsExactly(json("1"), json("2"), json("3"));
        Postbox bob = Postbox.of(cluster, 1, "bob");
        assertThat(bob.texts()).as("at once").containsExactly("1");
        cluster.advance(SECOND);
        assertThat(bob.texts()).containsExactly("1", "2", "3");
        assertThat(bob.gaps()).containsOnly(Duration.ofMillis(100));
        assertThat(bob.counts()).containsExactly(3);
        assertThat(kept()).isEmpty();
    }

    @Test
    void whoHasNoMailIsToldOfNone() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        cluster.advance(SECOND);
        assertThat(bob.counts()).isEmpty();
    }

    @Test
    void aMessageSaysWhatItIs() {
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(Game.SAY, new Text("hi \"bob\""));
        cluster.await(on(0).user("bob").emit(of(Importance.URGENT), new Text("now")));
        Instant sent = cluster.time().now();
        cluster.advance(SECOND);
        Postbox bob = Postbox.of(cluster, 1, "bob");
        cluster.advance(SECOND);
        JsonNode first = bob.messages().get(0);
        assertThat(first.path("type").asText()).isEqualTo("chat");
        assertThat(first.path("sender_id").asText()).isEqualTo("ann");
        assertThat(first.path("content").path("text").asText()).isEqualTo("hi \"bob\"");
        assertThat(first.path("importance").asText()).isEqualTo("normal");
        assertThat(first.has("metadata") || first.has("sender_name")).isFalse();
        JsonNode second = bob.messages().get(1);
        assertThat(second.path("id").asText()).isNotEqualTo(first.path("id").asText());
        assertThat(second.path("type").asText()).isEqualTo("important");
        assertThat(second.has("sender_id")).isFalse();
        assertThat(second.path("metadata").path("from").asText()).isEqualTo("guild");
        assertThat(second.path("importance").asText()).isEqualTo("urgent");
        assertThat(Instant.parse(second.path("created_at").asText())).isEqualTo(sent);
        assertThat(Instant.parse(second.path("stored_at").asText())).isBeforeOrEqualTo(sent.plusSeconds(1));
    }

    @Test
    void anEventWithoutAPayloadHasNoContent() {
        cluster.await(on(0).user("bob").emit(RESET));
        Postbox bob = Postbox.of(cluster, 1, "bob");
        assertThat(bob.messages().get(0).path("content").isNull()).isTrue();
    }

    @Test
    void severalUsersGetOneEach() {
        Postbox ann = Postbox.of(cluster, 0, "ann");
        cluster.await(on(0).user("ann").user("bob").emit(LETTER, new Text("both")));
        assertThat(ann.texts()).containsExactly("both");
        assertThat(Postbox.of(cluster, 1, "bob").texts()).containsExactly("both");
    }

    @Test
    void aClientThatBecomesAUserLaterGetsTheMailOfThatUser() {
        TestClient client = cluster.client(1).connect("/late");
        cluster.await(cluster.node(0).namespace("/late").user("bob").emit(LETTER, new Text("hi")));
        cluster.advance(SECOND);
        assertThat(client.received()).isEmpty();
        client.askRaw("authenticate", Map.of("user", "bob")).answer();
        JsonNode message =
                client.nextRaw("offline_message_delivery").arguments().get(0);
        assertThat(message.path("content").path("text").asText()).isEqualTo("hi");
    }

    // ---- as itself

    @Test
    void whoIsThereGetsTheEventItselfAndWhichMessageItIs() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        TestClient ann = cluster.connect(0, "/", "ann");
        ann.emit(Game.SAY, new Text("hi"));
        cluster.settle();
        assertThat(bob.names()).containsExactly("private");
        ReceivedEvent event = bob.client().received().get(0);
        assertThat(event.arguments().get(0)).hasToString(json("hi"));
        JsonNode message = event.arguments().get(1);
        assertThat(message.path("id").asText()).isNotEmpty();
        assertThat(message.path("type").asText()).isEqualTo("chat");
        assertThat(message.path("sender_id").asText()).isEqualTo("ann");
        assertThat(message.path("importance").asText()).isEqualTo("normal");
        assertThat(message.has("created_at") && message.has("stored_at")).isTrue();
        assertThat(message.has("content")).as("it is in front").isFalse();
        assertThat(kept()).isEmpty();
    }

    @Test
    void whatHadWaitedComesAsAMessageAndWhatIsNewAsItself() {
        send(0, "1", "2");
        cluster.advance(SECOND);
        Postbox bob = Postbox.of(cluster, 1, "bob");
        cluster.advance(Duration.ofMillis(50));
        send(0, "3");
        cluster.advance(SECOND);
        assertThat(bob.names()).containsExactly(Postbox.DELIVERY, Postbox.DELIVERY, "letter");
        assertThat(bob.texts()).containsExactly("1", "2", "3");
        assertThat(bob.counts()).containsExactly(2);
        assertThat(bob.client().received().stream().map(ReceivedEvent::name))
                .containsExactly(Postbox.DELIVERY, Postbox.DELIVERY, "offline_messages_complete", "letter");
    }

    @Test
    void whatComesAgainComesAsAMessage() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(0, "1");
        cluster.advance(Duration.ofSeconds(12));
        bob.acknowledge();
        send(0, "2");
        cluster.advance(Duration.ofMinutes(1));
        assertThat(bob.names()).containsExactly("letter", "letter", Postbox.DELIVERY);
        assertThat(bob.texts()).containsExactly("1", "2", "1");
        assertThat(bob.messages().get(2).path("id"))
                .isEqualTo(bob.messages().get(0).path("id"));
    }

    @Test
    void whatWasStoredWhileTheConnectionWasLostComesAsAMessage() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(0, "1");
        bob.client().dropConnection();
        send(0, "2");
        bob.acknowledge();
        cluster.advance(SECOND);
        bob.client().reconnect(0);
        cluster.advance(SECOND);
        assertThat(bob.client().recovered()).isTrue();
        assertThat(bob.names()).containsExactly("letter", Postbox.DELIVERY, Postbox.DELIVERY);
        assertThat(bob.texts()).containsExactly("1", "1", "2");
    }

    @Test
    void eachDeviceGetsItAsItselfWhereEachGetsIt() {
        with(MailOptions.DEFAULT.everyDevice(true), () -> {
            Postbox phone = Postbox.silent(cluster, 0, "bob");
            Postbox desk = Postbox.silent(cluster, 1, "bob");
            send(0, "1");
            cluster.advance(Duration.ofSeconds(16));
            assertThat(phone.names()).containsExactly("letter", Postbox.DELIVERY);
            assertThat(desk.names()).containsExactly("letter", Postbox.DELIVERY);
        });
    }

    @Test
    void anEventHasTheShapeThatItHasWhenItDoesNotPersist() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        cluster.await(on(0).user("bob").emit(WRAPPED, new Text("hi")));
        cluster.await(on(0).user("bob").emit(MOVE, new Move(3, 4)));
        cluster.await(on(0).user("bob").emit(RESET));
        cluster.advance(SECOND);
        List<ReceivedEvent> events = bob.client().received();
        assertThat(bob.names()).containsExactly("wrapped", "move", "reset");
        assertThat(events.get(0).arguments().get(0).path("event").asText()).isEqualTo("wrapped");
        assertThat(events.get(0).arguments().get(0).path("data").path("text").asText())
                .isEqualTo("hi");
        assertThat(events.get(1).arguments()).hasSize(3);
        assertThat(events.get(1).arguments().get(1).asInt()).isEqualTo(4);
        assertThat(events.get(2).arguments()).hasSize(1);
        assertThat(events.get(2).arguments().get(0).has("id")).isTrue();
        cluster.await(on(0).user("ann").emit(WRAPPED, new Text("hi")));
        cluster.advance(SECOND);
        assertThat(Postbox.of(cluster, 1, "ann")
                        .messages()
                        .get(0)
                        .path("content")
                        .asText())
                .isEqualTo("short");
    }

    @Test
    void allMessagesComeInTheDeliveryEventWhereThatIsWanted() {
        with(MailOptions.DEFAULT.ownNames(false), () -> {
            Postbox bob = Postbox.of(cluster, 1, "bob");
            send(0, "hi");
            assertThat(bob.names()).containsExactly(Postbox.DELIVERY);
            assertThat(bob.texts()).containsExactly("hi");
        });
    }

    // ---- it comes again

    @Test
    void whatIsNotAcknowledgedComesAgainAndHoldsUpNoOther() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(0, "1", "2");
        cluster.advance(Duration.ofSeconds(12));
        assertThat(bob.texts()).containsExactly("1", "2");
        bob.acknowledge();
        cluster.advance(Duration.ofMinutes(2));
        assertThat(bob.texts()).containsExactly("1", "2", "1", "2");
        assertThat(bob.messages().get(2).path("id"))
                .isEqualTo(bob.messages().get(0).path("id"));
        assertThat(kept()).isEmpty();
        assertThat(counter("mail.unacknowledged")).isEqualTo(2);
    }

    @Test
    void aConnectionThatIsLostBeforeTheAcknowledgementLosesNothing() {
        send(0, "1", "2");
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        assertThat(bob.texts()).containsExactly("1");
        bob.client().dropConnection();
        assertThat(kept()).hasSize(2);
        bob.acknowledge();
        bob.client().reconnect(0);
        cluster.advance(SECOND);
        assertThat(bob.client().recovered()).isTrue();
        assertThat(bob.texts()).containsExactly("1", "1", "2");
        assertThat(bob.counts()).containsExactly(2);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aNodeThatIsKilledBeforeTheAcknowledgementLosesNothing() {
        send(0, "1", "2");
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        cluster.node(1).kill();
        Postbox phone = Postbox.of(cluster, 0, "bob");
        cluster.advance(Duration.ofSeconds(20));
        assertThat(bob.texts()).containsExactly("1");
        assertThat(phone.texts()).containsExactlyInAnyOrder("1", "2");
        assertThat(kept()).isEmpty();
    }

    @Test
    void aNodeThatIsKilledWhileItSendsLosesNothingThatItHasConfirmed() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        for (int operations = 0; operations < 5; operations++) {
            String text = String.valueOf(operations);
            cluster.node(0).killAfter(operations);
            on(0).user("bob").emit(LETTER, new Text(text)).exceptionally(failure -> null);
            cluster.advance(Duration.ofMinutes(2));
            int stored = (int) bob.texts().stream().filter(text::equals).count();
            assertThat(stored).as("killed after %s calls", operations).isEqualTo(operations == 0 ? 0 : 1);
            assertThat(kept1()).isEmpty();
            if (!cluster.node(0).isRunning()) {
                cluster.node(0).restart();
            } else {
                cluster.node(0).kill();
                cluster.node(0).restart();
            }
        }
    }

    private List<MailMessage> kept1() {
        return cluster.await(on(1).mail().list("bob"));
    }

    @Test
    void whatCannotBeStoredIsNotSaidToBe() {
        Postbox bob = Postbox.of(cluster, 1, "bob");
        cluster.node(0).partition();
        assertThat(cluster.failure(on(0).user("bob").emit(LETTER, new Text("lost"))))
                .isNotNull();
        cluster.node(0).heal();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(bob.texts()).isEmpty();
        send(0, "kept");
        cluster.advance(Duration.ofMinutes(2));
        assertThat(bob.texts()).containsExactly("kept");
    }

    @Test
    void whatIsAcknowledgedWhileTheBackendIsAwayIsRemovedWhenItIsBack() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        send(0, "hi");
        long ack = bob.client().received().stream()
                .filter(event -> event.ackId() != null)
                .findFirst()
                .orElseThrow()
                .ackId();
        cluster.node(1).partition();
        bob.client().acknowledge(ack);
        cluster.advance(SECOND);
        assertThat(kept()).hasSize(1);
        cluster.node(1).heal();
        cluster.advance(Duration.ofMinutes(2));
        assertThat(kept()).isEmpty();
        assertThat(bob.texts()).containsExactly("hi");
    }

    @Test
    void aLateAcknowledgementToTheLastHomeIsNoneOfAnotherMessage() {
        Postbox bob = Postbox.silent(cluster, 0, "bob");
        send(0, "taken back");
        long first = bob.client().nextRaw("letter").ackId();
        cluster.await(on(1).mail().clear("bob"));
        cluster.node(0).kill();
        cluster.advance(Duration.ofSeconds(30));
        bob.client().reconnect(1);
        bob.client().stall();
        send(1, "unread");
        bob.client().acknowledge(first);
        cluster.advance(SECOND);
        bob.client().dropConnection();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(kept1()).extracting(MailMessage::content).containsExactly(json("unread"));
    }

    @Test
    void aLateAcknowledgementIsNoneOfAnotherMessageWhenTheNodeWasRestarted() {
        Postbox phone = Postbox.silent(cluster, 0, "bob");
        send(0, "read at the desk");
        long first = phone.client().nextRaw("letter").ackId();
        cluster.node(0).restart();
        cluster.advance(Duration.ofSeconds(20));
        Postbox desk = Postbox.of(cluster, 1, "bob");
        cluster.advance(SECOND);
        assertThat(desk.texts()).containsExactly("read at the desk");
        desk.client().disconnect();
        phone.client().reconnect(0);
        phone.client().stall();
        send(1, "unread");
        phone.client().acknowledge(first);
        cluster.advance(SECOND);
        phone.client().dropConnection();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(kept1()).extracting(MailMessage::content).containsExactly(json("unread"));
    }

    @Test
    void aMessageThatWasPutTwiceIsThereOnce() {
        cluster.await(on(0).user("bob").emit(NUMBERED, new Text("7")));
        cluster.await(on(1).user("bob").emit(NUMBERED, new Text("7")));
        assertThat(kept()).containsExactly(json("7"));
        assertThat(counter("mail.stored")).isOne();
    }

    @Test
    void aClientThatHasTooManyQuestionsOpenIsTriedOnceASecond() {
        Postbox bob = Postbox.silent(cluster, 1, "bob");
        Session session = on(1).find(bob.client().id()).orElseThrow();
        for (int i = 0; i < Limits.DEFAULT.maxPendingEvents(); i++) {
            session.request(QUESTION, "?", Duration.ofMinutes(5)).exceptionally(failure -> null);
        }
        send(0, "hi");
        long appended = counter("log.appended");
        long tried = counter("mail.delivered");
        cluster.advance(Duration.ofSeconds(10));
        assertThat(counter("mail.delivered") - tried).isBetween(5L, 11L);
        assertThat(counter("log.appended") - appended).isLessThanOrEqualTo(11);
        cluster.advance(Duration.ofMinutes(5));
        assertThat(bob.texts()).contains("hi");
    }

    // ---- several devices

    @Test
    void aMessageGoesToOneDevice() {
        Postbox phone = Postbox.of(cluster, 0, "bob");
        Postbox desk = Postbox.of(cluster, 1, "bob");
        send(0, "1", "2", "3");
        cluster.advance(Duration.ofMinutes(1));
        List<String> all = new ArrayList<>(phone.texts());
        all.addAll(desk.texts());
        assertThat(all).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void whatOneDeviceDoesNotAcknowledgeAnotherGets() {
        Postbox silent = Postbox.silent(cluster, 0, "bob");
        send(0, "hi");
        Postbox desk = Postbox.of(cluster, 1, "bob");
        cluster.advance(Duration.ofSeconds(14));
        assertThat(desk.texts()).as("the first one has still time").isEmpty();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(silent.texts().size() + desk.texts().size()).isGreaterThan(1);
        silent.client().disconnect();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(desk.texts()).contains("hi");
        assertThat(kept()).isEmpty();
    }

    @Test
    void aDeviceThatGoesLeavesItsMessageToTheOthersAtOnce() {
        Postbox silent = Postbox.silent(cluster, 0, "bob");
        send(0, "hi");
        Postbox desk = Postbox.of(cluster, 1, "bob");
        assertThat(desk.texts()).isEmpty();
        silent.client().disconnect();
        cluster.settle();
        assertThat(desk.texts()).containsExactly("hi");
        assertThat(Postbox.of(cluster, 1, "bob").texts()).isEmpty();
    }

    @Test
    void everyDeviceGetsItWhereThatIsWanted() {
        with(MailOptions.DEFAULT.everyDevice(true), () -> {
            Postbox phone = Postbox.of(cluster, 0, "bob");
            Postbox silent = Postbox.silent(cluster, 1, "bob");
            send(0, "1", "2");
            cluster.advance(Duration.ofMinutes(1));
            assertThat(phone.texts()).containsExactly("1", "2");
            assertThat(silent.texts()).startsWith("1").doesNotHaveDuplicates();
            phone.client().disconnect();
            send(0, "3");
            cluster.advance(Duration.ofSeconds(20));
            assertThat(silent.texts().stream().filter("3"::equals)).hasSize(2);
            silent.acknowledge();
            cluster.advance(Duration.ofMinutes(1));
            assertThat(kept()).isEmpty();
        });
    }

    // ---- what goes

    @Test
    void theLeastImportantGoFirstAndOfThemTheOldest() {
        with(MailOptions.DEFAULT.maxMessages(3), () -> {
            for (Importance importance :
                    List.of(Importance.HIGH, Importance.LOW, Importance.NORMAL, Importance.NORMAL, Importance.URGENT)) {
                cluster.await(on(0).user("bob").emit(of(importance), new Text(importance.word())));
            }
            assertThat(mailbox())
                    .extracting(MailMessage::importance)
                    .containsExactly(Importance.HIGH, Importance.NORMAL, Importance.URGENT);
            assertThat(counter("mail.dropped")).isEqualTo(2);
            assertThat(cluster.failure(on(0).user("bob").emit(of(Importance.LOW), new Text("late"))))
                    .isInstanceOf(MailboxFullException.class)
                    .hasMessageContaining("it holds at most 3 messages");
            assertThat(counter("mail.refused")).isOne();
        });
    }

    @Test
    void theLastHundredAreKept() {
        IntStream.range(0, 105).forEach(i -> send(0, String.valueOf(i)));
        assertThat(cluster.await(on(1).mail().count("bob"))).isEqualTo(100);
        assertThat(kept().get(0)).isEqualTo(json("5"));
    }

    @Test
    void aMessageIsKeptFor72HoursOrLess() {
        send(0, "long");
        cluster.await(on(0).user("bob").emit(SHORT, new Text("short")));
        assertThat(kept()).hasSize(2);
        cluster.advance(Duration.ofMinutes(6));
        assertThat(kept()).containsExactly(json("long"));
        cluster.advance(Duration.ofHours(72));
        assertThat(kept()).isEmpty();
        assertThat(Postbox.of(cluster, 0, "bob").texts()).isEmpty();
    }

    @Test
    void theApplicationLooksAtAMailboxAndEmptiesIt() {
        send(0, "1", "2", "3");
        List<MailMessage> messages = mailbox();
        assertThat(messages.get(0).type()).isEqualTo("letter");
        assertThat(messages.get(0).expiresAt())
                .isEqualTo(messages.get(0).storedAt().plus(Duration.ofHours(72)));
        assertThat(cluster.await(on(1).mail().remove("bob", messages.get(1).id())))
                .isTrue();
        assertThat(cluster.await(on(1).mail().remove("bob", messages.get(1).id())))
                .isFalse();
        assertThat(kept()).containsExactly(json("1"), json("3"));
        assertThat(cluster.await(on(1).mail().clear("bob"))).isEqualTo(2);
        assertThat(cluster.await(on(0).mail().count("bob"))).isZero();
    }

    @Test
    void theNamesOfItsEventsCanBeChosen() {
        with(MailOptions.DEFAULT.deliveryEvent("mail").completeEvent("mail:end"), () -> {
            send(0, "hi");
            TestClient bob = cluster.connect(1, "/", "bob");
            bob.acknowledge(bob.nextRaw("mail").ackId());
            cluster.advance(SECOND);
            assertThat(bob.nextRaw("mail:end").arguments().get(0).path("count").asInt())
                    .isOne();
        });
    }

    // ---- what is refused

    @Test
    void whatIsForOthersThanUsersIsRefusedAtOnce() {
        Namespace game = on(0);
        for (Runnable emit : Arrays.<Runnable>asList(
                () -> game.emit(LETTER, new Text("")),
                () -> game.room("zone:red").emit(LETTER, new Text("")),
                () -> game.user("bob").room("zone:red").emit(LETTER, new Text("")),
                () -> game.user("bob").except("zone:red").emit(LETTER, new Text("")),
                () -> game.user("bob").local().emit(LETTER, new Text("")))) {
            assertThatThrownBy(emit::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'letter' persists, and goes to users");
        }
        assertThatThrownBy(() -> game.user("bob").asVolatile().emit(LETTER, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be emitted as volatile");
        assertThatThrownBy(() -> game.user("bob").emitAfter(SECOND, LETTER, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be emitted later");
        assertThatThrownBy(() -> game.user("bob").emit(PICTURE, new byte[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event 'picture' cannot be kept: it has binary parts");
        assertThatThrownBy(() -> game.user("bob").emit(LETTER, new Text("x".repeat(1 << 20))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event letter");
        assertThatThrownBy(() -> game.user("bob").emit(ESCAPED, new Text("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event 'escaped' cannot be kept: it has 1800");
    }

    @Test
    void eachUserHasAMailboxWhateverTheId() {
        List<String> users = List.of("a:b", "a", ":", "{a}", "*", "\n", "\u00e4", "x".repeat(256));
        users.forEach(user -> cluster.await(on(0).user(user).emit(LETTER, new Text(user))));
        for (String user : users) {
            assertThat(Postbox.of(cluster, 1, user).texts()).containsExactly(user);
        }
        for (String nobody : List.of("", "x".repeat(257), "\ud800")) {
            for (Runnable call : Arrays.<Runnable>asList(
                    () -> on(0).user(nobody).emit(LETTER, new Text("")),
                    () -> on(0).mail().list(nobody),
                    () -> on(0).mail().clear(nobody))) {
                assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThatThrownBy(() -> on(0).user("bob").emit(NUMBERED, new Text("\ud800")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MailDraft.id");
    }

    @Test
    void whereMailIsOffItSaysSoAndOtherEventsAreWhatTheyWere() {
        Namespace off = cluster.node(0).namespace("/without");
        assertThatThrownBy(() -> off.user("bob").emit(LETTER, new Text("")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mail is off in /without; NamespaceSetup.mail switches it on");
        assertThatThrownBy(off::mail).isInstanceOf(IllegalStateException.class);
        TestClient bob = cluster.connect(1, "/", "bob");
        cluster.await(on(0).user("bob").emit(SAID, new Text("hi")));
        assertThat(bob.next(SAID).text()).isEqualTo("hi");
    }

    @Test
    void anEngineWithoutQueuesIsNotBuilt() {
        Backend poor = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("queues")) {
                        throw new UnsupportedOperationException("none");
                    }
                    return null;
                });
        RealtimeBuilder builder =
                Realtime.builder().backend(poor).namespace("/", game -> game.mail(MailOptions.DEFAULT));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mail must be used with a backend that has queues");
    }
}
