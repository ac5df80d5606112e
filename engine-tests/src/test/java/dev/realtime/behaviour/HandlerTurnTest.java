package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Request;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers of one session send: in one write as long as they are quick, and without waiting for one that blocks. */
class HandlerTurnTest {
    private static final Event<Text> BLOCK = Event.of("block", Text.class);
    private static final Request<Text, Text> ACKNOWLEDGE = Request.of("acknowledge", Text.class, Text.class);
    private static final Request<Text, Text> LATER = Request.of("later", Text.class, Text.class);

    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private final CompletableFuture<Text> later = new CompletableFuture<>();
    private Runnable meanwhile = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() ->
                    Game.open(game -> game.on(BLOCK, (session, nothing) -> meanwhile.run())
                            .onAcknowledge(ACKNOWLEDGE, (session, text, answer) -> {
                                answer.give(text);
                                meanwhile.run();
                            })
                            .onUnknown((session, event) -> {
                                event.reply("known");
                                meanwhile.run();
                            })
                            .onAsync(LATER, (session, nothing) -> later)))
            .handlers(turns::add);

    private InMemoryConnection connect() {
        InMemoryConnection socket = realtime.transport()
                .open(TestRequest.of("GET", "/socket.io/")
                        .query("EIO", "4")
                        .query("transport", "websocket")
                        .view());
        socket.send("40");
        realtime.settle();
        work();
        return socket;
    }

    private void work() {
        do {
            while (!turns.isEmpty()) {
                turns.remove().run();
            }
            realtime.settle();
        } while (!turns.isEmpty());
    }

    private static String echo(int id) {
        return event(id, "echo");
    }

    private static String block(int id) {
        return event(id, "block");
    }

    private static String event(int id, String name) {
        return "42" + id + "[\"" + name + "\",{\"text\":\"\"}]";
    }

    /** The ids of the answers that have come. */
    private static String answered(InMemoryConnection socket) {
        StringBuilder ids = new StringBuilder();
        socket.texts().stream().filter(text -> text.startsWith("43")).forEach(text -> ids.append(text.charAt(2)));
        return ids.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "acknowledge", "anything"})
    void theAnswersOfQuickHandlersLeaveInOneWrite(String name) {
        InMemoryConnection socket = connect();
        int before = socket.batches().size();
        for (int id = 1; id <= 5; id++) {
            socket.send(event(id, name));
        }
        realtime.settle();
        work();
        assertThat(socket.batches()).hasSize(before + 1);
        assertThat(socket.batches().get(before)).hasSize(5);
    }

    @Test
    void anAnswerDoesNotWaitForAHandlerThatBlocks() {
        InMemoryConnection socket = connect();
        List<String> seen = new ArrayList<>();
        meanwhile = () -> {
            realtime.advance(Duration.ofMillis(1));
            seen.add(answered(socket));
        };
        for (int id = 1; id <= 5; id += 2) {
            socket.send(echo(id));
            socket.send(block(id + 1));
        }
        realtime.settle();
        work();
        assertThat(seen).containsExactly("1", "123", "12345");
        assertThat(answered(socket)).isEqualTo("123456");
    }

    @Test
    void anAnswerThatIsGivenElsewhereDoesNotWaitForAHandlerThatBlocks() {
        InMemoryConnection socket = connect();
        List<String> seen = new ArrayList<>();
        meanwhile = () -> {
            realtime.advance(Duration.ofMillis(1));
            seen.add(answered(socket));
        };
        socket.send(event(1, "later"));
        socket.send(block(2));
        realtime.settle();
        work();
        later.complete(new Text("done"));
        realtime.settle();
        work();
        assertThat(seen).containsExactly("1");
        assertThat(answered(socket)).isEqualTo("12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acknowledge", "anything"})
    void anAcknowledgementDoesNotWaitForWhatItsHandlerDoesBehindIt(String name) {
        InMemoryConnection socket = connect();
        List<String> seen = new ArrayList<>();
        meanwhile = () -> {
            realtime.advance(Duration.ofMillis(1));
            seen.add(answered(socket));
        };
        socket.send(event(1, name));
        socket.send(event(2, name));
        realtime.settle();
        work();
        assertThat(seen).containsExactly("1", "12");
    }
}
