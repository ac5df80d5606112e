package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.limits.RefusedAttempt;
import dev.realtime.limits.RefusedAttempt.Kind;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application hears who was refused what, and why. */
class RefusalListenerTest {
    private static final Request<Text, Text> SAY = Request.of("chat:say", Text.class, Text.class)
            .limit(RateLimit.perMinute(6).burst(2))
            .limit(RateLimit.perMinute(4).category("chat"));
    private static final Request<Text, Text> BAN =
            Request.of("ban", Text.class, Text.class).permission("game.admin");

    private final List<RefusedAttempt> heard = new ArrayList<>();
    private final List<String> order = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .limits(Limits.DEFAULT.unknownEvents(RateLimit.perMinute(2)))
                .onRefusal(attempt -> {
                    order.add("node");
                    heard.add(attempt);
                })
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .onRefusal(attempt -> {
                                    order.add("namespace");
                                    throw new IllegalStateException("of the listener");
                                })
                                .on(SAY, (session, text) -> text)
                                .on(BAN, (session, text) -> text)
                                .on(ECHO, (session, text) -> {
                                    throw new EventRefusedException("muted", "you are muted");
                                }))
                .namespace("/other", game -> game.allowAnonymous().on(SAY, (session, text) -> text));
    }

    private RefusedAttempt only() {
        assertThat(heard).hasSize(1);
        return heard.get(0);
    }

    @Test
    void anEventBeyondItsLimitIsToldWithTheRuleAndTheTimeToWait() {
        TestClient ann = realtime.connect("/", "ann");
        ann.ask(SAY, new Text("1"));
        ann.ask(SAY, new Text("2"));
        assertThat(heard).isEmpty();
        ann.ask(SAY, new Text("3"));
        RefusedAttempt attempt = only();
        assertThat(attempt.kind()).isEqualTo(Kind.EVENT);
        assertThat(attempt.session().orElseThrow().id()).isEqualTo(ann.id());
        assertThat(attempt.principal().orElseThrow().id()).isEqualTo("ann");
        assertThat(attempt.client()).isEqualTo("user ann");
        assertThat(attempt.address()).isEqualTo(Game.session(realtime, ann).remoteAddress());
        assertThat(attempt.namespace()).contains("/");
        assertThat(attempt.event()).contains("chat:say");
        assertThat(attempt.code()).isEqualTo("rate_limited");
        assertThat(attempt.rule()).isEqualTo("event chat:say");
        assertThat(attempt.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(attempt.at()).isEqualTo(realtime.time().now());
    }

    @Test
    void theRuleIsTheOneThatMakesTheClientWaitTheLongest() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 4; i++) {
            ann.ask(SAY, new Text("x"));
            realtime.advance(Duration.ofSeconds(10));
        }
        ann.ask(SAY, new Text("x"));
        assertThat(only().rule()).isEqualTo("category chat");
        assertThat(only().retryAfter()).contains(Duration.ofSeconds(20));
    }

    @Test
    void anEventWithoutThePermissionIsTold() {
        realtime.connect("/", "ann").ask(BAN, new Text("bob"));
        assertThat(only().kind()).isEqualTo(Kind.PERMISSION);
        assertThat(only().code()).isEqualTo("forbidden");
        assertThat(only().rule()).isEqualTo("permission game.admin");
        assertThat(only().retryAfter()).isEmpty();
    }

    @Test
    void whatNobodyHandlesIsToldBeyondItsLimit() {
        TestClient ann = realtime.client().from("203.0.113.4").connect("/");
        for (int i = 0; i < 3; i++) {
            ann.askRaw("what");
        }
        assertThat(only().client()).isEqualTo("address 203.0.113.4");
        assertThat(only().event()).contains("what");
        assertThat(only().rule()).isEqualTo("Limits.unknownEvents");
    }

    @Test
    void whatTheApplicationRefusesItselfIsNotTold() {
        assertThat(realtime.connect("/", "ann").ask(ECHO, new Text("x")).errorCode())
                .isEqualTo("muted");
        assertThat(heard).isEmpty();
    }

    @Test
    void theListenersOfTheNamespaceComeFirstAndTheirFailureIsNobodyElses() {
        realtime.connect("/", "ann").ask(BAN, new Text("bob"));
        assertThat(order).containsExactly("namespace", "node");
        TestClient other = realtime.connect("/other", "ann");
        for (int i = 0; i < 3; i++) {
            other.ask(SAY, new Text("x"));
        }
        assertThat(order).containsExactly("namespace", "node", "node");
    }

    @Test
    void oneClientIsHeardOfAtAPaceAndTheOthersBesideIt() {
        TestClient eve = realtime.connect("/", "eve");
        for (int i = 0; i < 500; i++) {
            eve.ask(BAN, new Text("x"));
        }
        assertThat(heard).hasSize(50);
        assertThat(realtime.realtime().stats().counters()).containsEntry("refusals.unreported", 450L);
        realtime.connect("/", "ann").ask(BAN, new Text("x"));
        assertThat(heard).hasSize(51);
        realtime.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 500; i++) {
            eve.ask(BAN, new Text("x"));
        }
        assertThat(heard).hasSize(61);
    }
}
