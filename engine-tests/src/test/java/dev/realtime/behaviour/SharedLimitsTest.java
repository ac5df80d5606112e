package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Event;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits that events share: those of a category, and that of all events of a namespace. */
class SharedLimitsTest {
    private static final RateLimit CHAT = RateLimit.perMinute(10).burst(4).category("chat");
    private static final Request<Text, Text> SAY =
            Request.of("say", Text.class, Text.class).limit(CHAT);
    private static final Request<Text, Text> SHOUT =
            Request.of("shout", Text.class, Text.class).limit(CHAT).limit(RateLimit.perMinute(2));
    private static final Request<Text, Text> MOVE = Request.of("move", Text.class, Text.class);

    private final List<TestRealtime> running = new ArrayList<>();
    private final List<String> handled = new ArrayList<>();

    private TestRealtime start(RateLimit ofAll) {
        TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .namespace("/", game -> chat(game).limit(ofAll))
                        .namespace("/other", this::chat))
                .start();
        running.add(realtime);
        return realtime;
    }

    private NamespaceSetup chat(NamespaceSetup game) {
        return game.allowAnonymous()
                .on(SAY, (session, text) -> text)
                .on(SHOUT, (session, text) -> text)
                .on(MOVE, (session, text) -> text);
    }

    @AfterEach
    void everythingEnds() {
        running.forEach(TestRealtime::close);
    }

    private static int admitted(TestClient client, Request<Text, Text> event, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += client.ask(event, new Text("x")).answer().get(0).has("error") ? 0 : 1;
        }
        return admitted;
    }

    private static long retryAfter(TestClient client, Request<Text, Text> event) {
        return client.ask(event, new Text("x")).error().path("retryAfterMs").asLong();
    }

    @Test
    void eventsOfOneCategoryHaveOneBudget() {
        TestRealtime realtime = start(RateLimit.perMinute(1_000));
        TestClient ann = realtime.connect("/", "ann");
        assertThat(admitted(ann, SAY, 3)).isEqualTo(3);
        assertThat(admitted(ann, SHOUT, 3)).isEqualTo(1);
        assertThat(admitted(ann, SAY, 3)).isZero();
        assertThat(admitted(ann, MOVE, 3)).isEqualTo(3);
        assertThat(admitted(realtime.connect("/", "bob"), SAY, 5)).isEqualTo(4);
        assertThat(admitted(realtime.connect("/other", "ann"), SAY, 5)).isEqualTo(4);
    }

    @Test
    void anEventThatItsOwnLimitRefusesCostsItsCategoryNothing() {
        TestRealtime realtime = start(RateLimit.perMinute(1_000));
        TestClient ann = realtime.connect("/", "ann");
        assertThat(admitted(ann, SHOUT, 50)).isEqualTo(2);
        assertThat(retryAfter(ann, SHOUT)).isEqualTo(60_000);
        assertThat(admitted(ann, SAY, 50)).isEqualTo(2);
        assertThat(retryAfter(ann, SAY)).isEqualTo(6_000);
        realtime.advance(Duration.ofSeconds(59));
        assertThat(admitted(ann, SHOUT, 3)).isZero();
        assertThat(admitted(ann, SAY, 9)).isEqualTo(4);
        realtime.advance(Duration.ofSeconds(1));
        assertThat(admitted(ann, SHOUT, 3)).as("the category has no room yet").isZero();
        assertThat(retryAfter(ann, SHOUT)).isEqualTo(5_000);
    }

    @Test
    void allThatAClientSendsFindsRoomInTheLimitOfTheNamespace() {
        TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
                        .authenticator(handshake -> Optional.of(Principal.of("ann")))
                        .namespace(
                                "/",
                                game -> chat(game)
                                        .limit(RateLimit.perMinute(5))
                                        .onUnknown((session, event) -> handled.add(event.name()))))
                .keepAuthenticator()
                .start();
        running.add(realtime);
        TestClient ann = realtime.client().connect("/");
        assertThat(admitted(ann, MOVE, 2)).isEqualTo(2);
        assertThat(ann.askRaw("unheard of").isAnswered()).isTrue();
        assertThat(ann.askRaw("auth:refresh", Map.of()).answer().toString()).doesNotContain("rate_limited");
        assertThat(admitted(ann, SAY, 2)).isEqualTo(1);
        assertThat(ann.askRaw("unheard of").errorCode()).isEqualTo("rate_limited");
        assertThat(ann.askRaw("auth:refresh", Map.of()).errorCode()).isEqualTo("rate_limited");
        assertThat(retryAfter(ann, MOVE)).isEqualTo(60_000);
        assertThat(handled).containsExactly("unheard of");
    }

    @Test
    void unknownEventsCountInTheLimitOfTheNamespaceToo() {
        TestRealtime realtime = start(RateLimit.perMinute(3));
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 3; i++) {
            assertThat(ann.askRaw("unheard of").errorCode()).isEqualTo("unknown_event");
        }
        assertThat(ann.askRaw("unheard of").errorCode()).isEqualTo("rate_limited");
        assertThat(admitted(ann, MOVE, 3)).isZero();
    }

    @Test
    void whatTheNamespaceRefusesCostsTheEventNothing() {
        TestRealtime realtime = start(RateLimit.per(Duration.ofSeconds(1), 1));
        TestClient ann = realtime.connect("/", "ann");
        for (int second = 0; second < 4; second++) {
            assertThat(admitted(ann, SAY, 20)).isEqualTo(1);
            realtime.advance(Duration.ofSeconds(1));
        }
        assertThat(admitted(ann, SAY, 1))
                .as("4 at once are left, though 80 were sent")
                .isEqualTo(0);
        assertThat(admitted(ann, MOVE, 1)).isEqualTo(1);
    }

    @Test
    void anotherLimitOfTheSameCategoryIsRefusedWithTheNamesOfBothEvents() {
        Event<Text> other =
                Event.of("whisper", Text.class).limit(RateLimit.perMinute(11).category("chat"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Realtime.builder().namespace("/", game -> chat(game).on(other, (session, text) -> {})))
                .withMessageContaining("'say'")
                .withMessageContaining("'whisper'")
                .withMessageContaining("RateLimit[11 per PT1M, category chat]");
    }

    @Test
    void aLimitTakesThePlaceOfTheOneOfItsCategory() {
        RateLimit own = RateLimit.perMinute(7);
        RateLimit chat = RateLimit.perMinute(8).category("chat");
        assertThat(SHOUT.limit(own).limit(chat).contract().limits()).containsExactly(own, chat);
        assertThat(SAY.contract().limits()).containsExactly(CHAT);
        assertThat(MOVE.contract().limits()).isEmpty();
    }

    @Test
    void theLimitOfANamespaceHasNoCategory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(CHAT))
                .withMessage("limit must be without a category: it is for all events of the namespace, but is "
                        + "RateLimit[10 per PT1M (4 at once), category chat]");
    }
}
