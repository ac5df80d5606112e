package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.ENTER;
import static dev.realtime.samples.arena.Contracts.MOVE;
import static dev.realtime.samples.arena.Contracts.MOVED;
import static dev.realtime.samples.arena.Contracts.SAID;
import static dev.realtime.samples.arena.Contracts.SAY;
import static dev.realtime.samples.arena.Contracts.STATUS;
import static dev.realtime.samples.arena.Contracts.WATCHING;
import static dev.realtime.samples.arena.Contracts.WAVE;
import static dev.realtime.samples.arena.Contracts.WAVED;
import static dev.realtime.samples.arena.Contracts.WELCOME;
import static dev.realtime.samples.arena.Contracts.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.Event;
import dev.realtime.batches.EventBatch;
import dev.realtime.presence.Presence;
import dev.realtime.presence.Status;
import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.samples.arena.Contracts.Entered;
import dev.realtime.samples.arena.Contracts.Move;
import dev.realtime.samples.arena.Contracts.Moved;
import dev.realtime.samples.arena.Contracts.Said;
import dev.realtime.samples.arena.Contracts.Say;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GameTest {
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration MOMENT = Duration.ofMillis(20); // presence has told by then
    private static final Duration WINDOW = Duration.ofSeconds(90);

    private static final Event<String> FAREWELL = Event.of("force_disconnect", String.class);

    private final World world = new World(() -> this.realtime.time().now());

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() ->
            Arena.realtime(Settings.from(Map.of("RECOVERY_SECONDS", "" + WINDOW.toSeconds())), world));

    private TestClient ann;
    private TestClient bob;

    @BeforeEach
    void connect() {
        ann = realtime.connect("/", "ann");
        bob = realtime.connect("/", "bob");
    }

    @Test
    void whoConnectsIsWelcomed() {
        assertThat(ann.next(WELCOME).you()).isEqualTo(Player.newcomer("ann", "ann", Colours.PLAIN));
        assertThat(ann.received(WELCOME).get(0).node()).isEqualTo("arena-1");
        assertThat(bob.next(WELCOME).you().id()).isEqualTo("bob");
    }

    @Test
    void whoHasNotLoggedInWatchesAndThenGoesOnAsAPlayer() {
        enter(ann, "tavern");
        TestClient cid = realtime.client().connect("/");
        String session = cid.id();
        assertThat(cid.next(WELCOME).you()).isNull();
        ann.emit(MOVE, new Move(100, 100));
        realtime.advance(TICK);
        assertThat(cid.next(MOVED).id()).isEqualTo("ann");
        say(ann, "for those in the tavern");
        assertThat(cid.has(SAID)).isFalse();
        assertThat(cid.ask(ENTER, new Enter("tavern")).errorCode()).isEqualTo("forbidden");
        assertThat(presence().population(ZONE.of("tavern"))).isEqualTo(1);

        cid.askRaw("authenticate", Map.of("user", "cid")).answer();
        assertThat(cid.next(WELCOME).you().id()).isEqualTo("cid");
        assertThat(names(enter(cid, "tavern"))).containsExactly("ann", "cid");
        assertThat(cid.id()).isEqualTo(session);
        assertThat(news(ann, "tavern")).endsWith("cid came");
        assertThat(realtime.namespace("/").find(session).orElseThrow().rooms()).doesNotContain(WATCHING);
    }

    @Test
    void whoEntersSeesWhoIsThereAndIsSeen() {
        assertThat(names(enter(ann, "tavern"))).containsExactly("ann");
        assertThat(names(enter(bob, "tavern"))).containsExactly("ann", "bob");
        assertThat(news(ann, "tavern")).containsExactly("ann came", "bob came");
        assertThat(news(bob, "tavern")).containsExactly("ann came", "bob came");
        Player shown =
                presence().user("bob").sessions().get(0).get(Places.PLAYER).orElseThrow();
        assertThat(shown.name()).isEqualTo("bob");
        assertThat(shown.x()).isNotNull();
        assertThat(presence().population(ZONE.of("tavern"))).isEqualTo(2);
    }

    @Test
    void enteringTheZoneOneIsInAnswersTheSameAndTellsNobody() {
        enter(ann, "tavern");
        Entered first = enter(bob, "tavern");
        List<String> before = news(ann, "tavern");
        assertThat(enter(bob, "tavern")).isEqualTo(first);
        assertThat(news(ann, "tavern")).isEqualTo(before);
    }

    @Test
    void whoLosesTheConnectionIsSeenAsReconnectingUntilItIsBack() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        bob.dropConnection();
        assertThat(news(ann, "tavern")).endsWith("bob reconnecting");
        assertThat(presence().user("bob").status()).isEqualTo(Status.RECONNECTING);
        bob.reconnect();
        assertThat(news(ann, "tavern")).endsWith("bob reconnecting", "bob connected");
    }

    @Test
    void whoSaysSoIsAwayUntilHeSaysOtherwise() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        bob.emitRaw(STATUS, "away");
        assertThat(news(ann, "tavern")).endsWith("bob away");
        bob.emit(MOVE, new Move(100, 100));
        assertThat(news(ann, "tavern")).endsWith("bob away");
        bob.emitRaw(STATUS, "connected");
        assertThat(news(ann, "tavern")).endsWith("bob away", "bob connected");
    }

    @Test
    void whoDoesNothingIsAwayUntilTheNextStep() {
        enter(bob, "tavern");
        realtime.advance(Game.AWAY_AFTER.multipliedBy(2));
        assertThat(news(ann, "tavern")).containsExactly("bob came", "bob away");
        bob.emit(MOVE, new Move(100, 100));
        assertThat(news(ann, "tavern")).endsWith("bob away", "bob connected");
    }

    @Test
    void crossingABorderLeavesOneZoneAndEntersTheNext() {
        TestClient cara = realtime.connect("/", "cara");
        enter(ann, "tavern");
        enter(bob, "tavern");
        enter(cara, "market");
        assertThat(names(enter(bob, "market"))).containsExactly("bob", "cara");
        assertThat(news(ann, "tavern")).containsExactly("ann came", "bob came", "bob left");
        assertThat(news(ann, "market")).containsExactly("cara came", "bob came");
        say(ann, "tavern talk");
        say(cara, "market talk");
        assertThat(texts(bob)).containsExactly("market talk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cellar", "", "tavern "})
    void aZoneThatDoesNotExistIsRefused(String zone) {
        assertThat(ann.ask(ENTER, new Enter(zone)).errorCode()).isEqualTo("unknown_zone");
        assertThat(ann.ask(ENTER, new Enter(null)).errorCode()).isEqualTo("unknown_zone");
        assertThat(player("ann").zone()).isNull();
    }

    @Test
    void whatIsSaidIsHeardByTheZoneAndBySpeakerWithRisingNumbers() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        assertThat(ann.request(SAY, new Say(" hello\nthere ")).seq()).isEqualTo(1);
        assertThat(bob.request(SAY, new Say("hi")).seq()).isEqualTo(2);
        assertThat(texts(ann)).containsExactly("hello there", "hi").isEqualTo(texts(bob));
        Said said = bob.next(SAID);
        assertThat(said.from()).isEqualTo("ann");
        assertThat(said.at()).isEqualTo(realtime.time().now().toEpochMilli());
        assertThat(enter(realtime.connect("/", "cara"), "tavern").history())
                .extracting(Said::text)
                .containsExactly("hello there", "hi");
    }

    @Test
    void oneMustBeSomewhereToTalk() {
        assertThat(ann.ask(SAY, new Say("anybody?")).errorCode()).isEqualTo("not_in_a_zone");
    }

    @Test
    void emptyAndEndlessTextsAreRefusedWithASentence() {
        enter(ann, "tavern");
        assertThat(ann.ask(SAY, new Say("  ")).error().path("message").asText()).isEqualTo("Please say something.");
        assertThat(ann.ask(SAY, new Say(null)).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.ask(SAY, new Say("x".repeat(241))).errorCode()).isEqualTo("invalid_payload");
        assertThat(ann.request(SAY, new Say("x".repeat(240))).seq()).isEqualTo(1);
    }

    @Test
    void whoTalksTooFastIsToldWhenToGoOn() {
        enter(ann, "tavern");
        for (int i = 0; i < 4; i++) {
            say(ann, "line " + i);
        }
        var refused = ann.ask(SAY, new Say("one too many"));
        assertThat(refused.errorCode()).isEqualTo("rate_limited");
        realtime.advance(Duration.ofMillis(refused.error().path("retryAfterMs").asLong()));
        assertThat(ann.request(SAY, new Say("later")).seq()).isEqualTo(5);
    }

    @Test
    void whoDoesNotStopIsWarnedThenRestrictedThenDisconnected() {
        enter(ann, "tavern");
        for (int i = 0; i < 25; i++) {
            ann.ask(SAY, new Say("spam " + i));
        }
        assertThat(warnings(ann)).containsExactly("warning", "warning", "warning", "temporary_restriction");
        assertThat(ann.ask(MOVE, new Move(100, 100)).errorCode()).isEqualTo("restricted");
        realtime.advance(Duration.ofMinutes(5));
        for (int i = 0; i < 8; i++) {
            ann.ask(SAY, new Say("spam again " + i));
        }
        realtime.settle();
        assertThat(warnings(ann)).endsWith("warning", "warning", "warning", "disconnect");
        assertThat(ann.isConnected()).isFalse();
    }

    private static List<String> warnings(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("error:rate_limited"))
                .map(event -> event.arguments().get(0).path("action").asText())
                .toList();
    }

    @Test
    void stepsReachOthersAsOneLatestPositionPerTick() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        realtime.advance(TICK);
        ann.emit(MOVE, new Move(100, 100));
        ann.emit(MOVE, new Move(102, 100));
        ann.emit(MOVE, new Move(104, 100));
        realtime.advance(TICK);
        List<Moved> seen = bob.received(MOVED);
        assertThat(seen.get(seen.size() - 1)).isEqualTo(new Moved("ann", 104, 100));
        assertThat(seen.size()).as("steps in one tick").isLessThanOrEqualTo(2);
        assertThat(ann.has(MOVED)).isFalse();
    }

    @Test
    void whoWavesIsSeenByTheZoneInBatches() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        ann.emit(WAVE);
        bob.emit(WAVE);
        ann.emit(WAVE);
        realtime.advance(TICK);
        for (TestClient client : List.of(ann, bob)) {
            assertThat(client.has(WAVED)).isFalse();
            assertThat(client.received(EventBatch.EVENT).stream()
                            .flatMap(batch -> batch.events().stream())
                            .flatMap(group -> group.data().stream()))
                    .as(client.received().toString())
                    .containsExactly(Map.of("id", "ann"), Map.of("id", "bob"), Map.of("id", "ann"));
        }
    }

    @ParameterizedTest
    @CsvSource({"-5, 900, 0, 800", "2000, -1, 1200, 0", "600, 400, 600, 400"})
    void nobodyLeavesTheWorld(double x, double y, double seenX, double seenY) {
        enter(ann, "tavern");
        ann.emit(MOVE, new Move(x, y));
        assertThat(position("ann")).isEqualTo(List.of(seenX, seenY));
    }

    @Test
    void nobodyJumps() {
        enter(ann, "tavern");
        ann.emit(MOVE, new Move(100, 100));
        ann.emit(MOVE, new Move(1100, 100));
        assertThat(position("ann").get(0)).isCloseTo(100 + Pace.SLACK, within(0.01));
        realtime.advance(Duration.ofSeconds(2));
        ann.emit(MOVE, new Move(600, 100));
        assertThat(position("ann")).isEqualTo(List.of(600.0, 100.0));
    }

    @Test
    void aPositionThatIsNoPlaceIsAnsweredWithAnError() {
        enter(ann, "tavern");
        ann.emit(MOVE, new Move(100, 100));
        ann.emitRaw("move", Map.of("x", "far", "y", 1));
        ann.emitRaw("move", Map.of("x", 5));
        assertThat(errors(ann)).containsExactly("invalid_payload", "invalid_payload");
        assertThat(position("ann")).isEqualTo(List.of(100.0, 100.0));
    }

    @Test
    void aDropLosesNothingAndRepeatsNothing() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        say(ann, "before");
        bob.dropConnection();
        say(ann, "one");
        enter(realtime.connect("/", "cara"), "tavern");
        realtime.advance(Duration.ofSeconds(30));
        say(ann, "two");
        say(ann, "three");
        bob.reconnect();
        assertThat(bob.recovered()).isTrue();
        assertThat(texts(bob)).containsExactly("before", "one", "two", "three");
        assertThat(toldNow(bob, "tavern")).containsOnlyOnce("cara came");
        List<ReceivedEvent> all = bob.received();
        assertThat(all.get(all.size() - 1).name())
                .as("the last event of a replay")
                .isEqualTo("welcome");
        assertThat(bob.received(WELCOME)).hasSize(2);
        assertThat(bob.received(WELCOME).get(1).you().zone()).isEqualTo("tavern");
        say(ann, "after");
        assertThat(texts(bob)).endsWith("three", "after");
        assertThat(news(ann, "tavern"))
                .as("told that somebody left who came back")
                .doesNotContain("bob left");
    }

    @Test
    void whatWasMissedStandsBetweenTheRestoredSessionAndItsWelcome() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        assertThat(bob.nextRaw("connection:confirmed")
                        .arguments()
                        .get(0)
                        .path("socketId")
                        .asText())
                .isEqualTo(bob.id());
        int before = bob.received().size();
        bob.dropConnection();
        say(ann, "one");
        bob.reconnect();
        List<String> names =
                bob.received().stream().skip(before).map(ReceivedEvent::name).toList();
        assertThat(names)
                .startsWith("connection:restored")
                .contains("chat:said")
                .endsWith("welcome");
    }

    @Test
    void whoStaysAwayTooLongHasLeft() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        bob.dropConnection();
        realtime.advance(WINDOW.minusSeconds(1));
        assertThat(news(ann, "tavern")).doesNotContain("bob left");
        realtime.advance(Duration.ofSeconds(2));
        assertThat(news(ann, "tavern")).endsWith("bob left");
        bob.reconnect();
        assertThat(bob.recovered()).isFalse();
        assertThat(player("bob").zone()).isNull();
    }

    @Test
    void whoGoesHasLeftAtOnce() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        bob.disconnect();
        assertThat(news(ann, "tavern")).endsWith("bob left");
        assertThat(players("bob")).isEmpty();
    }

    @Test
    void aNewerLoginOfAPlayerTakesOver() {
        enter(ann, "tavern");
        enter(bob, "tavern");
        TestClient again = realtime.connect("/", "bob");
        realtime.settle();
        assertThat(bob.next(FAREWELL)).isEqualTo("You are playing in another window now.");
        assertThat(bob.nextRaw("connection:closed").arguments().get(0).asText()).isEqualTo("logged_in_elsewhere");
        assertThat(bob.isConnected()).isFalse();
        enter(again, "tavern");
        say(ann, "still there?");
        assertThat(texts(again)).containsExactly("still there?");
        assertThat(names(enter(ann, "tavern"))).containsExactly("ann", "bob");
        assertThat(news(ann, "tavern")).endsWith("bob came");
        assertThat(presence().users(ZONE.of("tavern"))).containsExactlyInAnyOrder("ann", "bob");
        again.disconnect();
        assertThat(news(ann, "tavern")).endsWith("bob left");
    }

    private Entered enter(TestClient client, String zone) {
        Entered entered = client.request(ENTER, new Enter(zone));
        realtime.advance(MOMENT);
        return entered;
    }

    private Presence presence() {
        return realtime.namespace("/").presence();
    }

    /** What a client has heard of a zone by now, all of it. */
    private List<String> news(TestClient client, String zone) {
        realtime.advance(MOMENT);
        return toldNow(client, zone);
    }

    private static List<String> toldNow(TestClient client, String zone) {
        return client.received().stream()
                .filter(event -> event.name().equals("presence:diff"))
                .flatMap(event -> elements(event.arguments().get(0)))
                .filter(change -> change.path("room").asText().equals("zone:" + zone))
                .flatMap(change -> Stream.of(
                                elements(change.path("joined"))
                                        .map(who -> who.path("user").asText() + " came"),
                                elements(change.path("left")).map(who -> who.asText() + " left"),
                                elements(change.path("changed"))
                                        .map(who -> who.path("user").asText() + " "
                                                + who.path("status").asText()))
                        .flatMap(lines -> lines))
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static void say(TestClient client, String text) {
        client.request(SAY, new Say(text));
    }

    private static List<String> texts(TestClient client) {
        return client.received(SAID).stream().map(Said::text).toList();
    }

    private static List<String> names(Entered entered) {
        return entered.members().stream().map(Player::name).sorted().toList();
    }

    private static List<String> errors(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("error:rate_limited")
                        || event.name().equals("error:invalid_action"))
                .map(event -> event.arguments().get(0).path("code").asText())
                .toList();
    }

    private List<Double> position(String id) {
        Player player = player(id);
        return List.of(player.x(), player.y());
    }

    private Player player(String id) {
        assertThat(players(id)).as("sessions of " + id).hasSize(1);
        return players(id).get(0);
    }

    private List<Player> players(String id) {
        return Places.players(realtime.await(realtime.namespace("/").user(id).fetch()));
    }
}
