package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.events.ClientEvents;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusedAttempt;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who goes on sending too much is warned, then restricted, then disconnected, and hears of it each time. */
class EscalationTest {
    private static final Event<Text> CHAT = Event.of("chat:send_message", Text.class)
            .limit(RateLimit.perMinute(20).perHour(500).burst(5));
    /** One of it is always one too many, once one has been sent. */
    private static final Event<Text> ONCE = Event.of("once", Text.class).limit(RateLimit.per(Duration.ofDays(7), 1));

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration RESTRICTION = Duration.ofMinutes(5);

    private final List<TestRealtime> running = new ArrayList<>();
    private final List<RefusedAttempt> heard = new ArrayList<>();
    private final List<String> handled = new ArrayList<>();
    private final List<DisconnectReason> ended = new ArrayList<>();

    private TestRealtime start(RealtimeBuilder builder) {
        TestRealtime realtime = TestRealtime.of(() -> builder.clientEvents(ClientEvents.BY_KIND)
                        .onRefusal(heard::add)
                        .namespace("/", this::chat)
                        .namespace("/other", this::chat))
                .start();
        running.add(realtime);
        return realtime;
    }

    private TestRealtime start() {
        return start(Realtime.builder().escalation(Escalation.DEFAULT));
    }

    private NamespaceSetup chat(NamespaceSetup game) {
        return game.allowAnonymous()
                .on(CHAT, (session, text) -> handled.add(text.text()))
                .on(ONCE, (session, text) -> {})
                .on(ECHO, (session, text) -> text)
                .onDisconnect((session, reason) -> ended.add(reason));
    }

    @AfterEach
    void everythingEnds() {
        running.forEach(TestRealtime::close);
    }

    private static void violate(TestClient client, int times) {
        for (int i = 0; i < times; i++) {
            client.emit(ONCE, new Text("x"));
        }
    }

    /** The first one counts for nothing. */
    private static TestClient ready(TestRealtime realtime, String user) {
        TestClient client = realtime.connect("/", user);
        violate(client, 1);
        return client;
    }

    private static List<String> actions(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("error:rate_limited"))
                .map(event -> event.arguments().get(0).path("action").asText())
                .toList();
    }

    private static JsonNode last(TestClient client) {
        return client.received().get(client.received().size() - 1).arguments().get(0);
    }

    private long count(String counter) {
        return running.get(0).realtime().stats().counters().get(counter);
    }

    @Test
    void twentyFiveQuickMessagesAreWarnedOf() {
        TestClient ann = start().connect("/", "ann");
        for (int i = 0; i < 25; i++) {
            ann.emit(CHAT, new Text("message " + i));
        }
        assertThat(handled).hasSize(5);
        assertThat(actions(ann)).contains("warning");
    }

    @Test
    void threeViolationsWarnAndSixRestrict() {
        TestClient ann = ready(start(), "ann");
        violate(ann, 5);
        assertThat(actions(ann)).containsExactly("refused", "refused", "warning", "warning", "warning");
        assertThat(ann.request(ECHO, new Text("still there"))).isNotNull();
        violate(ann, 1);
        assertThat(last(ann).path("action").asText()).isEqualTo("temporary_restriction");
        assertThat(last(ann).path("duration_minutes").asInt()).isEqualTo(5);
        assertThat(last(ann).path("event_type").asText()).isEqualTo("once");
        assertThat(heard).extracting(RefusedAttempt::violations).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(heard)
                .extracting(RefusedAttempt::step)
                .containsExactly(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Step.WARNED),
                        Optional.of(Step.WARNED),
                        Optional.of(Step.WARNED),
                        Optional.of(Step.RESTRICTED));
    }

    @Test
    void nothingOfARestrictedUserIsTakenUntilTheTimeIsOver() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        TestClient elsewhere = realtime.connect("/other", "ann");
        realtime.advance(RESTRICTION.minusMillis(1));
        assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("restricted");
        assertThat(elsewhere
                        .ask(ECHO, new Text("x"))
                        .error()
                        .path("retryAfterMs")
                        .asInt())
                .isEqualTo(1);
        assertThat(ann.askRaw("what").errorCode()).isEqualTo("restricted");
        ann.emit(CHAT, new Text("x"));
        assertThat(last(ann).path("action").asText()).isEqualTo("temporary_restriction");
        assertThat(last(ann).path("event_type").asText()).isEqualTo("chat:send_message");
        assertThat(handled).isEmpty();
        assertThat(heard.get(heard.size() - 1).code()).isEqualTo("restricted");
        assertThat(heard.get(heard.size() - 1).violations()).isZero();
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
        assertThat(count("escalation.restricted")).isEqualTo(1);
        assertThat(count("events.restricted")).isEqualTo(4);
    }

    @Test
    void whatARestrictedUserTriesDoesNotProlongIt() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        for (int i = 0; i < 300; i++) {
            violate(ann, 1);
            realtime.advance(Duration.ofSeconds(1));
        }
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
        assertThat(ended).isEmpty();
    }

    @Test
    void fourMoreViolationsBehindARestrictionEndTheConnectionBehindTheLastWords() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        realtime.advance(RESTRICTION);
        violate(ann, 3);
        assertThat(ann.isConnected()).isTrue();
        violate(ann, 1);
        realtime.settle();
        assertThat(actions(ann).subList(6, 10)).containsExactly("warning", "warning", "warning", "disconnect");
        assertThat(last(ann).path("reason").asText()).isEqualTo("Excessive rate limit violations");
        assertThat(ann.isConnected()).isFalse();
        assertThat(ended).containsExactly(DisconnectReason.SERVER_DISCONNECT);
        RefusedAttempt audit = heard.get(heard.size() - 1);
        assertThat(audit.step()).contains(Step.DISCONNECTED);
        assertThat(audit.violations()).isEqualTo(10);
        assertThat(audit.client()).isEqualTo("user ann");
    }

    @Test
    void theLastWordsArriveOverLongPollingToo() {
        TestRealtime realtime = start();
        TestClient ann = realtime.client().user("ann").polling(true).connect("/");
        violate(ann, 7);
        realtime.advance(RESTRICTION);
        violate(ann, 4);
        realtime.settle();
        assertThat(actions(ann)).endsWith("warning", "disconnect");
        assertThat(ann.isConnected()).isFalse();
    }

    @Test
    void aReconnectIsNoFreshStart() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 5);
        ann.disconnect();
        TestClient again = realtime.connect("/other", "ann");
        violate(again, 2);
        assertThat(actions(again)).containsExactly("temporary_restriction");
        again.disconnect();
        assertThat(realtime.connect("/", "ann").ask(ECHO, new Text("x")).errorCode())
                .isEqualTo("restricted");
        assertThat(realtime.connect("/", "bob").request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void whoWasDisconnectedAndComesBackIsDisconnectedByTheNextViolation() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        realtime.advance(RESTRICTION);
        violate(ann, 4);
        TestClient again = realtime.connect("/", "ann");
        assertThat(again.request(ECHO, new Text("x"))).isNotNull();
        violate(again, 1);
        realtime.settle();
        assertThat(actions(again)).containsExactly("disconnect");
        assertThat(again.isConnected()).isFalse();
    }

    @Test
    void oneViolationIsForgivenEachMinute() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 2);
        realtime.advance(MINUTE.minusNanos(1));
        violate(ann, 1);
        realtime.advance(Duration.ofNanos(1));
        violate(ann, 1);
        realtime.advance(MINUTE.plusMinutes(1));
        violate(ann, 1);
        assertThat(heard).extracting(RefusedAttempt::violations).containsExactly(1, 2, 3, 3, 2);
        realtime.advance(MINUTE.plusMinutes(1));
        assertThat(realtime.realtime().stats().gauges().get("limits.rates"))
                .as("the budget alone is remembered")
                .isEqualTo(1);
    }

    @Test
    void noneIsForgivenDuringARestriction() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        realtime.advance(RESTRICTION);
        violate(ann, 1);
        assertThat(heard.get(6).violations()).isEqualTo(7);
    }

    @Test
    void whoAsksForAnAcknowledgementGetsItAndHearsOfTheStepBesides() {
        TestRealtime realtime = start();
        TestClient ann = ready(realtime, "ann");
        violate(ann, 2);
        assertThat(ann.askRaw("once", Map.of("text", "x")).errorCode()).isEqualTo("rate_limited");
        assertThat(actions(ann)).containsExactly("refused", "refused", "warning");
    }

    @Test
    void anonymousClientsOfOneAddressAreCountedTogetherAndOneOfThemIsDisconnected() {
        TestRealtime realtime = start();
        TestClient one = realtime.client().from("203.0.113.4").connect("/");
        TestClient two = realtime.client().from("203.0.113.4").connect("/");
        violate(one, 1);
        violate(one, 3);
        violate(two, 3);
        assertThat(actions(two)).endsWith("temporary_restriction");
        realtime.advance(RESTRICTION);
        violate(two, 4);
        realtime.settle();
        assertThat(two.isConnected()).isFalse();
        assertThat(one.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void aRestrictedUserMayRenewItsCredentials() {
        TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .escalation(Escalation.DEFAULT)
                        .authenticator(handshake -> Optional.of(Principal.of("ann")))
                        .namespace("/", this::chat))
                .keepAuthenticator()
                .start();
        running.add(realtime);
        TestClient ann = realtime.client().connect("/");
        violate(ann, 7);
        assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("restricted");
        assertThat(ann.askRaw("auth:refresh", Map.of()).answer().toString()).doesNotContain("error");
    }

    @Test
    void whoIsExemptHasNoLimitsAndIsNeverWarned() {
        TestRealtime realtime = start(Realtime.builder()
                .escalation(Escalation.DEFAULT)
                .limits(Limits.DEFAULT.exemptWith("limits.exempt").unknownEvents(RateLimit.perMinute(5))));
        TestClient root = realtime.client().user("root", "limits.exempt").connect("/");
        for (int i = 0; i < 100; i++) {
            root.emit(CHAT, new Text("x"));
        }
        assertThat(handled).hasSize(100);
        for (int i = 0; i < 5; i++) {
            assertThat(root.askRaw("what").errorCode()).isEqualTo("unknown_event");
        }
        for (int i = 0; i < 20; i++) {
            assertThat(root.askRaw("what").errorCode())
                    .as("what guards the node is for all")
                    .isEqualTo("rate_limited");
        }
        assertThat(root.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void withoutEscalationNothingComesOfViolations() {
        TestRealtime realtime = start(Realtime.builder());
        TestClient ann = ready(realtime, "ann");
        violate(ann, 20);
        assertThat(actions(ann)).containsOnly("refused");
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void moreEventsThanTheNodeTakesAreNoViolations() {
        TestRealtime realtime =
                start(Realtime.builder().escalation(Escalation.DEFAULT).limits(Limits.DEFAULT.eventsPerSecond(10)));
        TestClient ann = realtime.connect("/", "ann");
        realtime.advance(Duration.ofMillis(300));
        for (int i = 0; i < 10; i++) {
            assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
        }
        for (int i = 0; i < 20; i++) {
            assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("overloaded");
        }
        assertThat(ann.ask(ECHO, new Text("x")).error().path("retryAfterMs").asInt())
                .isEqualTo(700);
        assertThat(heard.get(0).rule()).isEqualTo("Limits.eventsPerSecond");
        assertThat(heard.get(0).violations()).isZero();
        realtime.advance(Duration.ofMillis(700));
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
        assertThat(count("events.overloaded")).isEqualTo(21);
    }

    @Test
    void whoGoesOnWhileRestrictedIsNotAnsweredForEver() {
        TestRealtime realtime = start(Realtime.builder()
                .escalation(Escalation.DEFAULT)
                .limits(Limits.DEFAULT.unknownEvents(RateLimit.perMinute(10))));
        TestClient ann = ready(realtime, "ann");
        violate(ann, 6);
        for (int i = 0; i < 10; i++) {
            assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("restricted");
        }
        TestReply<Text> eleventh = ann.ask(ECHO, new Text("x"));
        realtime.settle();
        assertThat(eleventh.isAnswered()).isFalse();
        assertThat(count("events.restricted")).isEqualTo(11);
        realtime.advance(MINUTE);
        assertThat(ann.ask(ECHO, new Text("x")).errorCode()).isEqualTo("restricted");
        realtime.advance(RESTRICTION);
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void whatTheNodeHasNoRoomForDoesNotCountForItsUser() {
        TestRealtime realtime = start(Realtime.builder().limits(Limits.DEFAULT.eventsPerSecond(1)));
        TestClient ann = realtime.connect("/", "ann");
        realtime.connect("/", "bob").request(ECHO, new Text("takes the second"));
        assertThat(ann.ask(ONCE, new Text("x")).errorCode()).isEqualTo("overloaded");
        realtime.advance(Duration.ofSeconds(1));
        assertThat(ann.ask(ONCE, new Text("x")).value()).isNull();
    }

    @Test
    void whatItsUserMayNotSendTakesNoRoomOfTheNode() {
        TestRealtime realtime = start(Realtime.builder().limits(Limits.DEFAULT.eventsPerSecond(2)));
        TestClient ann = ready(realtime, "ann");
        realtime.advance(Duration.ofSeconds(1));
        assertThat(ann.ask(ONCE, new Text("x")).errorCode()).isEqualTo("rate_limited");
        assertThat(ann.ask(ONCE, new Text("x")).errorCode()).isEqualTo("rate_limited");
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
        assertThat(ann.request(ECHO, new Text("x"))).isNotNull();
    }

    @Test
    void theStepsFollowOneAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Game.open().escalation(Escalation.DEFAULT.warnAt(6)).build())
                .withMessageStartingWith("Escalation must be of steps that follow one another, warnAt < restrictAt < "
                        + "disconnectAt, but is Escalation[warnAt=6, restrictAt=6, ");
    }
}
