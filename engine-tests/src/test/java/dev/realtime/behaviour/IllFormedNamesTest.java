package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Attribute;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.schedule.ScheduleOptions;
import dev.realtime.state.State;
import dev.realtime.testkit.TestRealtime;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Half of a surrogate pair is no name: UTF-8 cannot carry it, and it would be another one's in the backend. Who passes it is told at once. */
class IllFormedNamesTest {
    private static final String HALF = "a\ud800";
    private static final State<String> BOARD = State.of("board", String.class);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(IllFormedNamesTest::game);

    private static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        game -> game.presence(PresenceOptions.DEFAULT)
                                .schedule(ScheduleOptions.DEFAULT)
                                .state(BOARD)
                                .allowAnonymous());
    }

    @Test
    void aNameThatNobodyCanCarryIsRefusedAtOnce() {
        Namespace game = realtime.namespace("/");
        Session ann = Game.session(realtime, realtime.connect("/", "ann"));
        List<ThrowingCallable> calls = List.of(
                () -> game.user(HALF),
                () -> game.room("zone:" + HALF),
                () -> RoomKey.plain(HALF),
                () -> RoomKind.named("zone").of(HALF),
                () -> game.except("zone:" + HALF),
                () -> game.session(HALF),
                () -> game.exceptSession(HALF),
                () -> game.find(HALF),
                () -> game.online(HALF),
                () -> ann.join("zone:" + HALF),
                () -> ann.leave("zone:" + HALF),
                () -> game.presence().online(HALF),
                () -> game.presence().user(HALF),
                () -> game.presence().watch(ann, HALF),
                () -> game.presence().unwatch(ann, HALF),
                () -> game.state(BOARD).of(HALF),
                () -> game.state(BOARD).of("g7").update(HALF, now -> "x"),
                () -> game.schedule().cancel(HALF),
                () -> game.asVolatile().coalesce(HALF),
                () -> game.header(HALF, "x"),
                () -> game.header("x", HALF),
                () -> realtime.namespace(HALF),
                () -> Event.of(HALF),
                () -> Attribute.recorded(HALF, String.class));
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)).as("call %d", i).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
