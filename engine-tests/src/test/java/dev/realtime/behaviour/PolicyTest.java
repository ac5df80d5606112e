package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ErrorCode;
import dev.realtime.EventInterceptor;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.RateLimit;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PolicyTest {
    static final Request<Text, Text> ADMIN =
            Request.of("admin", Text.class, Text.class).permission("game.admin");
    static final Request<Text, Text> GUARDED = Request.of("guarded", Text.class, Text.class)
            .permission("game.admin")
            .limit(RateLimit.perMinute(2));
    static final Request<Text, Text> SLOWLY = Request.of("slowly", Text.class, Text.class)
            .limit(RateLimit.perMinute(20).perHour(60).burst(5));
    static final Request<Text, Text> CHAT = Request.of("chat", Text.class, Text.class)
            .limit(RateLimit.perMinute(20).perHour(500));

    static final Request<Text, Text> STEADY =
            Request.of("steady", Text.class, Text.class).limit(RateLimit.perMinute(20));

    private final List<String> trace = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .intercept(named("outer"))
                            .intercept(named("inner"))
                            .intercept((EventInterceptor) (session, contract, payload, next) -> {
                                if (payload instanceof Text text && "refuse".equals(text.text())) {
                                    throw new EventRefusedException("muted", "you are muted", Duration.ofSeconds(30));
                                }
                                if (payload instanceof Text text && "swallow".equals(text.text())) {
                                    return;
                                }
                                next.proceed();
                            })
                            .on(ECHO, (session, text) -> {
                                trace.add("handler");
                                return text;
                            })
                            .on(SAY, (session, text) -> trace.add("handler"))
                            .on(ADMIN, (session, text) -> text)
                            .on(GUARDED, (session, text) -> {
                                trace.add("handler");
                                return text;
                            })
                            .on(SLOWLY, (session, text) -> text)
                            .on(CHAT, (session, text) -> text)
                            .on(STEADY, (session, text) -> text)));

    @Test
    void interceptorsStandAroundTheHandlerInTheirOrder() {
        TestClient ann = realtime.connect("/", "ann");
        ann.request(ECHO, new Text("a"));
        assertThat(trace).containsExactly("outer in", "inner in", "handler", "inner out", "outer out");
    }

    /** Each gate is behind the one before: what would be refused by all of them is refused by the first. */
    @Test
    void anEventPassesItsLimitThenItsBindingThenItsPermissionThenInterceptorsThenItsHandler() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient root = realtime.client().user("root", "game.admin").connect("/");
        assertThat(ann.askRaw("guarded", 1).errorCode()).as("binding").isEqualTo("invalid_payload");
        assertThat(ann.askRaw("guarded", Map.of("text", "refuse")).errorCode())
                .as("permission")
                .isEqualTo("forbidden");
        assertThat(ann.askRaw("guarded", 1).errorCode()).as("limit").isEqualTo("rate_limited");
        assertThat(trace).isEmpty();
        assertThat(root.askRaw("guarded", Map.of("text", "refuse")).errorCode())
                .as("interceptors")
                .isEqualTo("muted");
        assertThat(root.askRaw("guarded", Map.of("text", "x")).answer().toString())
                .contains("x");
        assertThat(trace).containsSubsequence("outer in", "inner in", "handler", "inner out", "outer out");
    }

    @Test
    void anInterceptorRefusesWithItsOwnCode() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Text> reply = ann.ask(ECHO, new Text("refuse"));
        assertThat(reply.errorCode()).isEqualTo("muted");
        assertThat(reply.error().path("retryAfterMs").asInt()).isEqualTo(30_000);
        assertThat(trace).doesNotContain("handler");
    }

    @Test
    void anInterceptorMaySwallowAnEvent() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.ask(ECHO, new Text("swallow")).errorCode()).isEqualTo(ErrorCode.REFUSED.code());
        ann.emit(SAY, new Text("swallow"));
        assertThat(trace).doesNotContain("handler");
        assertThat(ann.received()).isEmpty();
    }

    @Test
    void anEventThatNeedsAPermissionIsForbiddenWithoutIt() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient root = realtime.client().user("root", "game.admin").connect("/");
        assertThat(ann.ask(ADMIN, new Text("x")).errorCode()).isEqualTo("forbidden");
        assertThat(root.request(ADMIN, new Text("x"))).isEqualTo(new Text("x"));
    }

    @Test
    void aBurstIsAllowedAndTheRefusalSaysExactlyWhenTheNextIs() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 5; i++) {
            assertThat(ann.request(SLOWLY, new Text("" + i))).isNotNull();
        }
        TestReply<Text> refused = ann.ask(SLOWLY, new Text("6"));
        assertThat(refused.errorCode()).isEqualTo("rate_limited");
        int retryAfter = refused.error().path("retryAfterMs").asInt();
        assertThat(retryAfter).isPositive();
        realtime.advance(Duration.ofMillis(retryAfter - 1));
        assertThat(ann.ask(SLOWLY, new Text("7")).errorCode()).isEqualTo("rate_limited");
        realtime.advance(Duration.ofMillis(1));
        assertThat(ann.request(SLOWLY, new Text("8"))).isNotNull();
    }

    /** Each window has a burst of its own, so that a small one does not make the long window slow nor a large one the short one. */
    @Test
    void whoTriesAllTheTimeGetsWhatEachWindowGives() {
        TestClient ann = realtime.connect("/", "ann");
        int minute = 0;
        int hour = 0;
        for (int second = 0; second < 3_600; second += 3) {
            boolean admitted = !ann.ask(CHAT, new Text("x")).answer().get(0).has("error");
            hour += admitted ? 1 : 0;
            minute += admitted && second < 60 ? 1 : 0;
            realtime.advance(Duration.ofSeconds(3));
        }
        assertThat(minute).isEqualTo(20);
        assertThat(hour).isBetween(490, 500);
    }

    @Test
    void everyWindowHoldsAtAnyMoment() {
        TestClient ann = realtime.connect("/", "ann");
        List<Long> admitted = new ArrayList<>();
        long origin = realtime.time().nanoTime();
        for (int i = 0; i < 4_000; i++) {
            TestReply<Text> reply = ann.ask(SLOWLY, new Text("x"));
            if (!reply.answer().get(0).has("error")) {
                admitted.add(
                        Duration.ofNanos(realtime.time().nanoTime() - origin).toMillis());
            }
            realtime.advance(Duration.ofMillis(1_000 + i % 7 * 100));
        }
        assertThat(admitted).hasSizeGreaterThan(60);
        for (int i = 0; i < admitted.size(); i++) {
            long from = admitted.get(i);
            assertThat(admitted.stream().filter(at -> at >= from && at < from + 60_000))
                    .hasSizeLessThanOrEqualTo(20);
            assertThat(admitted.stream().filter(at -> at >= from && at < from + 3_600_000))
                    .hasSizeLessThanOrEqualTo(60);
        }
    }

    @Test
    void aUserPaysInAllSessionsAndAlsoAfterAReconnectButNeverForAnother() {
        TestClient one = realtime.connect("/", "ann");
        TestClient two = realtime.connect("/", "ann");
        for (int i = 0; i < 5; i++) {
            (i % 2 == 0 ? one : two).request(SLOWLY, new Text("x"));
        }
        assertThat(two.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        one.disconnect();
        one.reconnect();
        assertThat(one.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        assertThat(realtime.connect("/", "bob").request(SLOWLY, new Text("x"))).isNotNull();
    }

    @Test
    void aClientWithoutCredentialsDoesNotRenewItsBudgetByReconnecting() {
        TestClient one = realtime.client().from("203.0.113.7").connect("/");
        for (int i = 0; i < 5; i++) {
            one.request(SLOWLY, new Text("x"));
        }
        assertThat(one.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        one.disconnect();
        TestClient again = realtime.client().from("203.0.113.7").connect("/");
        assertThat(again.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        TestClient elsewhere = realtime.client().from("203.0.113.8").connect("/");
        assertThat(elsewhere.request(SLOWLY, new Text("x"))).isNotNull();
        assertThat(realtime.connect("/", "ann").request(SLOWLY, new Text("x")))
                .as("a user at the same address")
                .isNotNull();
    }

    @Test
    void anIpv6ClientDoesNotRenewItsBudgetWithAnotherAddressOfItsNetwork() {
        TestClient one = realtime.client().from("2001:db8:1:2::1").connect("/");
        for (int i = 0; i < 5; i++) {
            one.request(SLOWLY, new Text("x"));
        }
        TestClient same = realtime.client().from("2001:db8:1:2:ffff::9").connect("/");
        assertThat(same.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        TestClient other = realtime.client().from("2001:db8:1:3::1").connect("/");
        assertThat(other.request(SLOWLY, new Text("x"))).isNotNull();
    }

    @Test
    void aJumpOfTheWallClockDoesNotMoveALimit() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 5; i++) {
            ann.request(SLOWLY, new Text("x"));
        }
        realtime.time().jumpWallClock(Duration.ofDays(1));
        assertThat(ann.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
        realtime.time().jumpWallClock(Duration.ofDays(-2));
        realtime.advance(Duration.ofMinutes(5));
        assertThat(ann.request(SLOWLY, new Text("x"))).isNotNull();
    }

    @Test
    void aSessionThatHasRestedForLongIsLimitedAsBefore() {
        TestClient ann = realtime.connect("/", "ann");
        for (int day = 0; day < 3; day++) {
            for (int i = 0; i < 5; i++) {
                assertThat(ann.request(SLOWLY, new Text("x"))).isNotNull();
            }
            assertThat(ann.ask(SLOWLY, new Text("x")).errorCode()).isEqualTo("rate_limited");
            realtime.advance(Duration.ofHours(8));
        }
    }

    @Test
    void whoStaysBelowTheRateIsNeverRefused() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 200; i++) {
            assertThat(ann.request(STEADY, new Text("" + i))).isNotNull();
            realtime.advance(Duration.ofSeconds(4));
        }
    }

    private EventInterceptor named(String name) {
        return (session, contract, payload, next) -> {
            trace.add(name + " in");
            next.proceed();
            trace.add(name + " out");
        };
    }
}
