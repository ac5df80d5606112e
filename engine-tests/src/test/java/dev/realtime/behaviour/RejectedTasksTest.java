package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.limits.RateLimit;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.state.State;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An executor of the application that takes nothing loses nothing: what it rejects runs on the engine's own threads. */
class RejectedTasksTest {
    record Board(int moves) {}

    private static final State<Board> BOARD = State.of("board", Board.class);

    private final List<String> told = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(this::game).handlers(task -> {
        throw new RejectedExecutionException("full");
    });

    private RealtimeBuilder game() {
        return Realtime.builder()
                .limits(Limits.DEFAULT.unknownEvents(RateLimit.perMinute(1)))
                .onRefusal(attempt -> told.add("refusal"))
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT.onChange(
                                        (namespace, change) -> told.add(change.online() ? "online" : "offline")))
                                .state(BOARD, (namespace, change) -> told.add("state"))
                                .onConnect(session -> told.add("connect"))
                                .onDisconnect((session, reason) -> told.add("end"))
                                .on(ECHO, (session, text) -> text));
    }

    @Test
    void handlersAndListenersRunAndCallsAreAnswered() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.request(ECHO, new Text("hi")).text()).isEqualTo("hi");
        ann.emitRaw("nobody");
        ann.emitRaw("nobody");
        realtime.await(realtime.namespace("/").state(BOARD).of("g7").update("ann", now -> new Board(1)));
        realtime.advance(Duration.ofSeconds(1));
        assertThat(told).contains("connect", "online", "refusal", "state");
        ann.disconnect();
        realtime.advance(Duration.ofSeconds(1));
        assertThat(told).contains("end", "offline");
        assertThat(realtime.await(realtime.namespace("/").online("ann"))).isNotNull();
        assertThat(realtime.await(realtime.namespace("/").fetch()).sessions()).isEmpty();
    }
}
