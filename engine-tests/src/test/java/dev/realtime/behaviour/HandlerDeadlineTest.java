package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An asynchronous handler that does not come to an end stops its session for a while, and not for ever. */
class HandlerDeadlineTest {
    private static final Request<Text, Text> NEVER = Request.of("never", Text.class, Text.class);
    private static final Text HELLO = new Text("hello");

    private final List<CompletableFuture<Text>> stages = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.handlerTimeout(Duration.ofSeconds(5)))
            .namespace(
                    "/",
                    game -> game.allowAnonymous()
                            .on(ECHO, (session, text) -> text)
                            .onAsync(NEVER, (session, text) -> {
                                stages.add(new CompletableFuture<>());
                                return stages.get(stages.size() - 1);
                            })));

    @Test
    void theClientIsToldAndTheNextEventIsHandled() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Text> never = ann.ask(NEVER, HELLO);
        TestReply<Text> behind = ann.ask(ECHO, HELLO);
        realtime.advance(Duration.ofMillis(4_900));
        assertThat(never.count()).isZero();
        assertThat(behind.count()).isZero();
        realtime.advance(Duration.ofMillis(200));
        assertThat(never.answer().get(0).path("error").path("code").asText()).isEqualTo("timeout");
        assertThat(behind.count()).isEqualTo(1);
        assertThat(realtime.realtime().stats().counters()).containsEntry("handlers.timed_out", 1L);
    }

    @Test
    void whatComesTooLateIsIgnored() {
        TestClient ann = realtime.connect("/", "ann");
        TestReply<Text> never = ann.ask(NEVER, HELLO);
        realtime.advance(Duration.ofSeconds(6));
        stages.get(0).complete(HELLO);
        realtime.settle();
        assertThat(never.count()).isEqualTo(1);
    }

    @Test
    void aHandlerThatIsInTimeIsNotDisturbed() {
        TestClient ann = realtime.connect("/", "ann");
        for (int i = 0; i < 1_000; i++) {
            TestReply<Text> reply = ann.ask(NEVER, HELLO);
            realtime.advance(Duration.ofMillis(20));
            stages.get(i).complete(HELLO);
            realtime.settle();
            assertThat(reply.count()).isEqualTo(1);
        }
        realtime.advance(Duration.ofSeconds(6));
        assertThat(realtime.realtime().stats().counters()).containsEntry("handlers.timed_out", 0L);
    }

    @Test
    void aNodeThatStopsWaitsNoLongerThanTheDeadline() {
        realtime.connect("/", "ann").ask(NEVER, HELLO);
        var drained = realtime.realtime().drain(Duration.ofSeconds(9)).toCompletableFuture();
        realtime.advance(Duration.ofMillis(5_500));
        assertThat(drained).isDone();
    }

    @Test
    void aDeadlineThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> Limits.DEFAULT.handlerTimeout(Duration.ZERO))
                .hasMessageContaining("handlerTimeout")
                .hasMessageContaining("10 ms");
        assertThatThrownBy(() -> Limits.DEFAULT.emitTimeout(Duration.ZERO)).hasMessageContaining("emitTimeout");
    }
}
