package dev.realtime.behaviour;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.state.RoomInfo;
import dev.realtime.state.SharedState;
import dev.realtime.state.State;
import dev.realtime.state.StateChange;
import dev.realtime.state.StateValue;
import dev.realtime.state.StateWrite;
import dev.realtime.state.States;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The game of docs/state.md. */
final class GameState {
    record Board(List<String> moves) {
        Board with(String move) {
            List<String> more = new ArrayList<>(moves);
            more.add(move);
            return new Board(more);
        }
    }

    record BoardShown(String gameId, Board gameState, long version, String updatedBy, long timestamp) {
        static BoardShown of(StateChange<Board> change) {
            StateValue<Board> now = change.current();
            return new BoardShown(
                    change.id(),
                    now.value(),
                    now.version(),
                    now.updatedBy(),
                    now.updatedAt().toEpochMilli());
        }
    }

    static final RoomKind GAME = RoomKind.named("game");
    static final Event<String> MOVE = Event.of("game:make-move", String.class);
    static final State<Board> BOARD = State.of("game", Board.class)
            .timeToLive(Duration.ofHours(1))
            .updates(Event.of("game:state-update", BoardShown.class), BoardShown::of);

    private GameState() {}

    static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.state(BOARD)
                                .state(RoomInfo.STATE)
                                .onConnect(GameState::watch)
                                .onResume(GameState::watch)
                                .on(MOVE, (session, move) -> {
                                    String player = session.principal().id();
                                    board(session)
                                            .update(
                                                    player,
                                                    now -> now == null ? new Board(List.of(move)) : now.with(move));
                                }));
    }

    static SharedState<Board> board(Session session) {
        return session.namespace().state(BOARD).of(GAME.of("g7"));
    }

    static void watch(Session session) {
        board(session).watch(session);
    }

    static CompletionStage<StateWrite<Board>> undo(SharedState<Board> board, StateValue<Board> seen) {
        List<String> moves = seen.value().moves();
        Board before = new Board(moves.subList(0, moves.size() - 1));
        return board.compareAndSet(seen.version(), before, "referee");
    }

    static CompletionStage<StateValue<RoomInfo>> open(Realtime realtime, long now) {
        States<RoomInfo> rooms = realtime.namespace("/").state(RoomInfo.STATE);
        return rooms.of(GAME.of("g7"))
                .update(
                        "server",
                        info -> info == null ? RoomInfo.of("game", now).with("title", "Final") : info);
    }
}
