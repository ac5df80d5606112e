package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.logs.LogKeys;
import dev.realtime.logs.LogOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.spi.EventTerms;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

/** What is emitted says what it follows from, on whatever node it arrives. */
class CorrelationTest {
    private static final Event<Text> SAY = Event.of("say", Text.class);
    private static final Request<Text, Text> ASKED = Request.of("asked", Text.class, Text.class);

    private final Map<String, Set<String>> said = new TreeMap<>();

    @RegisterExtension
    final TestMdc mdc = new TestMdc();

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::game);

    private RealtimeBuilder game() {
        return Realtime.builder()
                .logs(LogOptions.DEFAULT.correlation(true))
                .namespace(
                        "/",
                        game -> game.allowAnonymous()
                                .schedule(ScheduleOptions.DEFAULT)
                                .onConnect(session -> session.join("zone:lobby"))
                                .onHeaders((event, headers, position) ->
                                        note("headers of " + event, String.valueOf(headers.get(LogKeys.HEADER))))
                                .onServer(SAY, (from, text) -> note("server event", ""))
                                .onServer(ASKED, (from, text) -> {
                                    note("server request", "");
                                    return text;
                                })
                                .on(SAY, this::say));
    }

    private void note(String what, String header) {
        String here = TestMdc.here().get(LogKeys.CORRELATION);
        said.computeIfAbsent(what, first -> new TreeSet<>()).add(here + (header.isEmpty() ? "" : " " + header));
    }

    private void say(Session session, Text text) {
        note("handler", "");
        Namespace namespace = session.namespace();
        switch (text.text()) {
            case "own" ->
                session.room("zone:lobby").header(LogKeys.HEADER, "order-7").emit(SAID, text);
            case "full" ->
                session.room("zone:lobby")
                        .header("x", "y".repeat(EventTerms.MAX_HEADER_LENGTH - 5))
                        .emit(SAID, text);
            case "later" -> namespace.room("zone:lobby").emitAfter(Duration.ofSeconds(1), SAID, text);
            case "servers" -> {
                namespace.serverEmit(SAY, text);
                namespace.serverRequest(ASKED, text, Duration.ofSeconds(5)).thenRun(() -> note("answer", ""));
            }
            default -> session.room("zone:lobby").emit(SAID, text);
        }
    }

    private String emit(String text) {
        TestClient ann = cluster.connect(0, "/", "ann");
        cluster.connect(1, "/", "bob");
        cluster.settle();
        ann.emit(SAY, new Text(text));
        cluster.advance(Duration.ofSeconds(3));
        return said.get("handler").iterator().next();
    }

    @Test
    void anEventCarriesWhatItFollowsFrom() {
        String correlation = emit("hello");
        assertThat(said.get("headers of said")).containsExactly(correlation + " " + correlation);
    }

    @Test
    void whatIsEmittedLaterDoesSoToo() {
        String correlation = emit("later");
        assertThat(said.get("headers of said")).containsExactly(correlation + " " + correlation);
    }

    @Test
    void whatTheApplicationSaysHolds() {
        emit("own");
        assertThat(said.get("headers of said")).containsExactly("order-7 order-7");
    }

    @Test
    void whereTheApplicationHasLeftNoRoomNothingIsAdded() {
        emit("full");
        assertThat(said.get("headers of said")).containsExactly("null null");
    }

    @Test
    void itGoesToTheApplicationOnOtherNodesAndComesBackWithTheAnswer() {
        String correlation = emit("servers");
        assertThat(said.get("server event")).containsExactly(correlation);
        assertThat(said.get("server request")).containsExactly(correlation);
        assertThat(said.get("answer")).containsExactly(correlation);
    }

    @Test
    void whoeverEmitsOutsideOfHandlersSaysItInTheMdc() {
        cluster.connect(1, "/", "bob");
        MDC.put(LogKeys.CORRELATION, "caf\u00e9\r\n" + "z".repeat(400));
        cluster.node(0).namespace("/").room("zone:lobby").emit(SAID, new Text("hello"));
        MDC.remove(LogKeys.CORRELATION);
        cluster.settle();
        String expected = "caf???" + "z".repeat(194);
        assertThat(said.get("headers of said")).containsExactly(expected + " " + expected);
        assertThat(List.copyOf(TestMdc.here().keySet())).isEmpty();
    }
}
