package dev.realtime.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.Position;
import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.Request;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.spi.Home;
import dev.realtime.spi.SessionRecord;
import dev.realtime.spi.SessionRecord.RoomMembership;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A game whose clients change rooms all the time, so that a record may never say where a membership ended. */
class ChangedRoomsTest {
    private static final RoomKind ROOMS = RoomKind.named("room");
    private static final RoomKey RED = ROOMS.of("red");
    private static final RoomKey BLUE = ROOMS.of("blue");
    private static final Request<String, Integer> ENTER = Request.of("enter", String.class, Integer.class);
    private static final Event<String> SAY = Event.of("say", String.class);
    private static final Event<String> SAID = Event.of("said", String.class);

    static RealtimeBuilder game() {
        return Realtime.builder()
                .namespace(
                        "/",
                        rooms -> rooms.onConnect(session -> session.join(RED))
                                .on(
                                        ENTER,
                                        (session, room) -> session.move(room.equals("red") ? BLUE : RED, ROOMS.of(room))
                                                .size())
                                .on(SAY, (session, text) -> {
                                    var unused = session.namespace().room(RED).emit(SAID, text);
                                    unused = session.namespace()
                                            .room(RED)
                                            .except(BLUE)
                                            .emit(SAID, text);
                                }));
    }

    @Test
    void aMembershipThatIsMissingInTheNextRecordHasEndedSomewhere() {
        ObservedSession session = new ObservedSession("s1", "ann");
        SessionRecord record = SessionRecord.of("p1", "s1", "/", Home.first("n1"));
        session.saved(record.memberships(List.of(new RoomMembership("room:red", at(1), null))), 0);
        assertThat(session.isIn("room:red", at(5))).isTrue();

        session.saved(record.memberships(List.of(new RoomMembership("room:blue", at(4), null))), 1);

        assertThat(session.isIn("room:red", at(2))).isFalse();
        assertThat(session.mayBeIn("room:red", at(2))).isTrue();
        assertThat(session.mayBeIn("room:red", at(1))).isFalse();
        assertThat(session.isIn("room:blue", at(5))).isTrue();
    }

    private static Position at(long time) {
        return new Position(time, 0);
    }

    /** Among them are seeds in which a membership began, ended and was confirmed between two records. */
    @Test
    void whatNoRecordSaysIsNotHeldAgainstAGame() {
        Simulation<Object> simulation = Simulation.of(ChangedRoomsTest::game)
                .client("ann", client -> client.ask(ENTER, "red"), client -> client.ask(ENTER, "blue"))
                .client("bob", client -> client.emit(SAY, "hi"));

        assertThat(LongStream.of(74, 75, 76, 198).mapToObj(simulation::run).flatMap(seed -> seed.violations().stream()))
                .isEmpty();
    }
}
