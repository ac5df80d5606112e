package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.behaviour.GameState.Board;
import dev.realtime.state.RoomInfo;
import dev.realtime.state.SharedState;
import dev.realtime.state.StateValue;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/state.md shows compiles, and does what it says. */
class StateDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameState.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/state.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", String::concat);
        for (String method : shown.split("\n\n|\n(?=import )")) {
            assertThat(code).contains(words(method));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void aMoveReachesBothPlayersAndCanBeTakenBack() {
        try (TestCluster cluster = TestCluster.of(2, GameState::game).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            TestClient bob = cluster.connect(1, "/", "bob");
            cluster.settle();
            ann.emit(GameState.MOVE, "e4");
            bob.emit(GameState.MOVE, "e5");
            cluster.settle();
            SharedState<Board> board =
                    cluster.node(1).namespace("/").state(GameState.BOARD).of("game:g7");
            StateValue<Board> seen = cluster.await(board.read());
            assertThat(cluster.await(GameState.undo(board, seen)).isDone()).isTrue();
            assertThat(cluster.await(GameState.undo(board, seen)).isDone()).isFalse();
            for (TestClient client : List.of(ann, bob)) {
                assertThat(client.received()).hasSize(3);
                assertThat(client.received()
                                .get(2)
                                .arguments()
                                .get(0)
                                .path("gameState")
                                .toString())
                        .isEqualTo("{\"moves\":[\"" + seen.value().moves().get(0) + "\"]}");
            }
            RoomInfo room =
                    cluster.await(GameState.open(cluster.node(0).realtime(), 5)).value();
            assertThat(room.data()).containsEntry("title", "Final");
        }
    }
}
