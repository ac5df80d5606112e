package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.SAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.EventRefusedException;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.spi.EngineTracer;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a tracer is told, and that the engine goes on whatever it does. */
class TracerTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);

    private final CompletableFuture<Text> later = new CompletableFuture<>();
    private final List<String> told = new ArrayList<>();
    private final List<Map<String, String>> along = new ArrayList<>();
    private Map<String, String> own = Map.of();
    private String breaks = "";

    @RegisterExtension
    final TestRealtime realtime =
            TestRealtime.of(() -> Game.open(game -> game.onHeaders((event, headers, position) -> along.add(headers))
                            .onAsync(LATER, (session, text) -> later))
                    .tracer(new Tracer()));

    private void does(String what) {
        told.add(what);
        if (what.startsWith(breaks) && !breaks.isEmpty()) {
            throw new IllegalStateException("no");
        }
    }

    private final class Tracer implements EngineTracer {
        @Override
        public @Nullable Span begin(Work work, String namespace, String event, Map<String, String> cause) {
            does("begin " + work + " " + event + " " + cause);
            return event.equals("echo") ? null : new Traced(work);
        }
    }

    private final class Traced implements EngineTracer.Span {
        private final EngineTracer.Work work;

        Traced(EngineTracer.Work work) {
            this.work = work;
        }

        @Override
        public EngineTracer.Scope enter() {
            does("enter " + work);
            return () -> does("leave " + work);
        }

        @Override
        public Map<String, String> headers() {
            does("headers " + work);
            return own;
        }

        @Override
        public void end(@Nullable Throwable failure) {
            does("end " + work + " " + failure);
        }
    }

    private void say() {
        TestClient ann = realtime.client().header("traceparent", PARENT).connect("/");
        realtime.settle();
        told.clear();
        ann.emit(SAY, new Text("hello"));
        realtime.settle();
        assertThat(ann.next(SAID)).isEqualTo(new Text("hello"));
    }

    @Test
    void aHandlerAndWhatItEmits() {
        own = Map.of("traceparent", PARENT, "tracestate", "a=b", "baggage", "user=ann");
        say();
        assertThat(told)
                .containsExactly(
                        "begin HANDLE say {traceparent=" + PARENT + "}",
                        "enter HANDLE",
                        "begin EMIT said {}",
                        "headers EMIT",
                        "end EMIT null",
                        "leave HANDLE",
                        "end HANDLE null",
                        "begin DELIVER said " + Map.of("traceparent", PARENT, "tracestate", "a=b"),
                        "enter DELIVER",
                        "leave DELIVER",
                        "end DELIVER null");
        assertThat(along).containsExactly(Map.of("traceparent", PARENT, "tracestate", "a=b"));
    }

    @Test
    void whatATracerSaysAmissDoesNotGoAlong() {
        own = Map.of("traceparent", "mine", "tracestate", "a=b");
        say();
        assertThat(told).noneMatch(line -> line.contains("DELIVER"));
        assertThat(along).isEmpty();
    }

    @Test
    void aHandlerThatAnswersLaterEndsThen() {
        TestReply<Text> reply = realtime.connect("/", "ann").ask(LATER, new Text("x"));
        assertThat(told).containsExactly("begin HANDLE later {}", "enter HANDLE", "leave HANDLE");
        later.completeExceptionally(new EventRefusedException("no", "not today"));
        realtime.settle();
        assertThat(reply.errorCode()).isEqualTo("no");
        assertThat(told).hasSize(4).last().asString().startsWith("end HANDLE").contains("not today");
    }

    @Test
    void aHandlerThatNeverAnswersEndsWhenNobodyWaitsForItAnyMore() {
        TestReply<Text> reply = realtime.connect("/", "ann").ask(LATER, new Text("x"));
        realtime.advance(Duration.ofSeconds(61));
        assertThat(reply.errorCode()).isEqualTo("timeout");
        assertThat(told).hasSize(4).last().asString().startsWith("end HANDLE").contains("TimeoutException");
        later.complete(new Text("x"));
        realtime.settle();
        assertThat(told).hasSize(4);
    }

    @Test
    void whatIsOfNoInterestIsLeftOut() {
        TestClient ann = realtime.connect("/", "ann");
        ann.request(ECHO, new Text("hello"));
        assertThat(told).containsExactly("begin HANDLE echo {}");
    }

    @Test
    void aTracerThatThrowsDoesNoHarm() {
        own = Map.of("traceparent", PARENT);
        for (String each : List.of("begin", "enter", "leave", "headers", "end")) {
            breaks = each;
            long before = failures();
            say();
            assertThat(failures()).as(each).isGreaterThan(before);
        }
    }

    private long failures() {
        return realtime.realtime().stats().counters().get("observers.failed");
    }
}
