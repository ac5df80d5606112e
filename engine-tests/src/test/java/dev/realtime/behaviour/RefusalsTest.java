package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.SAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ErrorCode;
import dev.realtime.EventRefusedException;
import dev.realtime.Realtime;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.ReceivedEvent;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Refused events that ask for no answer: the client hears of them at a bounded pace, past the fan-out, and rests if it does not stop. */
class RefusalsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(ECHO, (session, text) -> text)
                            .on(SAY, (session, text) -> {
                                session.emit(SAID, text);
                                throw new EventRefusedException(ErrorCode.REFUSED);
                            })));

    private long count(String counter) {
        return realtime.realtime().stats().counters().get(counter);
    }

    private static List<ReceivedEvent> errors(TestClient client) {
        return client.received().stream()
                .filter(event -> event.name().equals("realtime:error"))
                .toList();
    }

    private static void flood(TestClient client, int events) {
        for (int i = 0; i < events; i++) {
            client.emitRaw("what");
        }
    }

    @Test
    void aFloodIsToldAtAPaceAndRests() {
        TestClient eve = realtime.connect("/", "eve");
        flood(eve, 3_000);
        realtime.settle();
        assertThat(errors(eve)).hasSize(20);
        assertThat(count("refusals.untold")).isEqualTo(100);
        assertThat(count("events.received")).isEqualTo(120);
        assertThat(eve.connection().unread())
                .as("it is not read while it rests")
                .isGreaterThan(1_500);
        assertThat(realtime.connect("/", "bob").request(ECHO, new Text("hello")))
                .isEqualTo(new Text("hello"));

        realtime.advance(SECOND);
        assertThat(errors(eve)).hasSize(30);
        assertThat(errors(eve).get(20).arguments().get(0).path("untold").asInt())
                .isEqualTo(100);
        assertThat(count("events.received")).isLessThanOrEqualTo(120 + 10 * 101 + 1);

        realtime.advance(Duration.ofSeconds(10));
        assertThat(count("events.received")).isEqualTo(3_001);
        assertThat(eve.request(ECHO, new Text("hello"))).isEqualTo(new Text("hello"));
    }

    @Test
    void nothingOfItPassesTheFanOut() {
        TestClient eve = realtime.connect("/", "eve");
        flood(eve, 15);
        assertThat(errors(eve)).hasSize(15);
        assertThat(count("deliveries")).isZero();
    }

    @Test
    void whoIsRefusedNowAndThenHearsOfEachAndIsNeverHeldUp() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 100; i++) {
            ann.emitRaw("what");
            realtime.advance(Duration.ofMillis(100));
            assertThat(ann.request(ECHO, new Text("hello"))).isEqualTo(new Text("hello"));
        }
        assertThat(errors(ann))
                .hasSize(100)
                .allMatch(error -> !error.arguments().get(0).has("untold"));
        assertThat(count("refusals.untold")).isZero();
    }

    @Test
    void whoIsRefusedSixtyTimesASecondIsNeverHeldUp() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 600; i++) {
            ann.emitRaw("what");
            assertThat(ann.request(ECHO, new Text("hello"))).isEqualTo(new Text("hello"));
            realtime.advance(Duration.ofMillis(16));
        }
        assertThat(errors(ann)).hasSizeBetween(100, 120);
    }

    @Test
    void theErrorComesBehindWhatTheHandlerHasEmitted() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 10; i++) {
            ann.emit(SAY, new Text("said"));
        }
        realtime.settle();
        assertThat(ann.received().stream().map(ReceivedEvent::name))
                .hasSize(20)
                .startsWith("said", "realtime:error", "said", "realtime:error");
    }

    @Test
    void aSessionThatRestsDoesNotHoldUpADrain() {
        TestClient eve = realtime.connect("/", "eve");
        flood(eve, 1_000);
        var drained = realtime.realtime().drain(Duration.ofMinutes(1)).toCompletableFuture();
        realtime.settle();
        assertThat(count("events.received")).isEqualTo(1_000);
        realtime.advance(SECOND);
        assertThat(drained).isDone();
    }
}
