package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.testkit.InMemoryConnection;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What handlers of one session send: in one write as long as they are quick, and without waiting for one that blocks. */
class HandlerTurnTest {
    private static final Event<Text> BLOCK = Event.of("block", Text.class);

    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private Runnable meanwhile = () -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(
                    () -> Game.open(game -> game.on(BLOCK, (session, nothing) -> meanwhile.run())))
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
        return "42" + id + "[\"echo\",{\"text\":\"\"}]";
    }

    private static String block(int id) {
        return "42" + id + "[\"block\",{\"text\":\"\"}]";
    }

    /** The ids of the answers that have come. */
    private static String answered(InMemoryConnection socket) {
        StringBuilder ids = new StringBuilder();
        socket.texts().stream().filter(text -> text.startsWith("43")).forEach(text -> ids.append(text.charAt(2)));
        return ids.toString();
    }

    @Test
    void theAnswersOfQuickHandlersLeaveInOneWrite() {
        InMemoryConnection socket = connect();
        int before = socket.batches().size();
        for (int id = 1; id <= 5; id++) {
            socket.send(echo(id));
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
}
