package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.TICK;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Audience;
import dev.realtime.Realtime;
import dev.realtime.RoomKey;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I1, I4: those of a room who do not read are given its events together, and each gets what is for it, once and in order. */
class StalledRoomTest {
    private static final RoomKey TAVERN = ZONE.of("tavern");

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .outbox(OutboxLimits.DEFAULT.maxMessages(200))
            .namespace("/", game -> game.allowAnonymous())
            .namespace("/lobby", game -> game.allowAnonymous()));

    private final List<TestClient> guests = new ArrayList<>();
    private TestClient ann;
    private TestClient bob;
    private int said;

    @BeforeEach
    void nobodyInTheTavernReads() {
        for (int i = 0; i < 5; i++) {
            TestClient guest = realtime.connect("/", "guest" + i);
            Game.session(realtime, guest).join(TAVERN);
            guests.add(guest);
        }
        ann = guests.get(0);
        bob = guests.get(1);
        say(1);
        guests.forEach(TestClient::stall);
        say(1);
        realtime.advance(Duration.ofMillis(100));
        say(8);
    }

    private Audience tavern() {
        return realtime.namespace("/").room(TAVERN);
    }

    /** All in the tavern hear the next numbers. */
    private void say(int times) {
        for (int i = 0; i < times; i++) {
            realtime.await(tavern().emit(TICK, new Number(said++)));
        }
        realtime.settle();
    }

    private static List<Integer> through(int last) {
        return IntStream.range(0, last).boxed().toList();
    }

    private void everybodyElseHasAll() {
        for (TestClient guest : guests) {
            if (guest != bob) {
                guest.resume();
                realtime.settle();
                assertThat(Game.ticks(guest)).isEqualTo(through(said));
            }
        }
    }

    @Test
    void whoReadsAgainHasAllInOrderAndWhatFollows() {
        ann.resume();
        say(5);
        assertThat(Game.ticks(ann)).isEqualTo(through(said));
        everybodyElseHasAll();
    }

    @Test
    void whoIsExceptedMissesThatAlone() {
        realtime.await(tavern().except(Game.session(realtime, bob)).emit(TICK, new Number(said++)));
        say(5);
        bob.resume();
        List<Integer> all = new ArrayList<>(through(said));
        all.remove(Integer.valueOf(10));
        assertThat(Game.ticks(bob)).isEqualTo(all);
        everybodyElseHasAll();
    }

    @Test
    void whoIsInAnExceptedRoomMissesThatAlone() {
        RoomKey cellar = ZONE.of("cellar");
        Game.session(realtime, bob).join(cellar);
        realtime.await(tavern().except(cellar).emit(TICK, new Number(said++)));
        bob.resume();
        assertThat(Game.ticks(bob)).isEqualTo(through(10));
        everybodyElseHasAll();
    }

    @Test
    void whoHasLeftHearsNothingMoreAndWhoComesBackDoes() {
        Game.session(realtime, bob).leave(TAVERN);
        say(5);
        Game.session(realtime, bob).join(TAVERN);
        say(3);
        bob.resume();
        assertThat(Game.ticks(bob)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17);
        everybodyElseHasAll();
    }

    @Test
    void whatIsForOneOrForAllKeepsItsPlace() {
        realtime.await(Game.session(realtime, bob).emit(SAID, new Text("for you")));
        say(3);
        realtime.await(realtime.namespace("/").emit(TICK, new Number(said++)));
        say(3);
        bob.resume();
        assertThat(Game.ticks(bob)).isEqualTo(through(said));
        assertThat(bob.received().stream()
                        .map(event -> event.name())
                        .filter(name -> name.equals("tick") || name.equals("said"))
                        .toList()
                        .indexOf("said"))
                .isEqualTo(10);
        everybodyElseHasAll();
    }

    @Test
    void whoComesBackOnAnotherConnectionHasAllOnce() {
        bob.dropConnection();
        say(5);
        bob.reconnect();
        say(5);
        assertThat(bob.recovered()).isTrue();
        assertThat(Game.ticks(bob)).isEqualTo(through(said));
        everybodyElseHasAll();
    }

    @Test
    void whoFindsNoRoomComesBackForIt() {
        say(400);
        realtime.settle();
        assertThat(bob.isOnline()).isFalse();
        bob.reconnect();
        realtime.settle();
        assertThat(Game.ticks(bob)).isEqualTo(through(said));
    }

    @Test
    void anotherNamespaceOfTheConnectionKeepsItsOrder() {
        bob.resume();
        TestClient lobby = bob.also("/lobby");
        bob.stall();
        say(1);
        realtime.advance(Duration.ofMillis(100));
        for (int i = 0; i < 8; i++) {
            say(4);
            realtime.await(realtime.namespace("/lobby").emit(TICK, new Number(i)));
        }
        bob.resume();
        assertThat(Game.ticks(bob)).isEqualTo(through(said));
        assertThat(Game.ticks(lobby)).isEqualTo(through(8));
        everybodyElseHasAll();
    }

    @Test
    void whoIsSentAwayFromTheNamespaceHearsNothingMore() {
        Game.session(realtime, bob).disconnect(false);
        realtime.settle();
        say(5);
        bob.resume();
        assertThat(Game.ticks(bob)).isEqualTo(through(10));
        everybodyElseHasAll();
    }
}
