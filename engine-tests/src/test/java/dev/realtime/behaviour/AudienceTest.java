package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Audience;
import dev.realtime.Event;
import dev.realtime.Fetched;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.SessionView;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AudienceTest {
    private static final RoomKey CAVE = ZONE.of("cave");
    private static final RoomKey TAVERN = ZONE.of("tavern");

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open().limits(Limits.DEFAULT.maxRooms(5)));

    @Test
    void aRoomIsItsMembers() {
        TestClient ann = in("ann", TAVERN);
        TestClient bob = in("bob", TAVERN);
        TestClient cid = in("cid", CAVE);
        say(realtime.namespace("/").room(TAVERN), "t");
        assertHeard(ann, "t");
        assertHeard(bob, "t");
        assertHeard(cid);
        assertThat(realtime.namespace("/").room(TAVERN).size()).isEqualTo(2);
        assertThat(realtime.namespace("/").room(TAVERN).members())
                .extracting(Session::id)
                .containsExactlyInAnyOrder(ann.id(), bob.id());
    }

    @Test
    void aMemberOfTwoSelectedRoomsHearsItOnce() {
        TestClient ann = in("ann", TAVERN, CAVE);
        say(realtime.namespace("/").room(TAVERN).room(CAVE), "both");
        assertHeard(ann, "both");
    }

    /** The fan-out comes to a change of an audience when the application has gone on: what it says is about the moment at which it stands in the log. */
    @Test
    void aJoinOfAnAudienceIsNothingNewToOneThatWasThereThen() {
        TestClient ann = in("ann", TAVERN);
        realtime.namespace("/").room(TAVERN).join(TAVERN);
        sayLater("before");
        session(ann).leave(TAVERN);
        sayLater("meanwhile");
        session(ann).join(TAVERN);
        sayLater("after");
        assertHeard(ann, "before", "after");
    }

    @Test
    void aJoinOfAnAudienceDoesNotUndoALeaveBehindIt() {
        TestClient ann = in("ann", TAVERN);
        realtime.namespace("/").room(TAVERN).join(TAVERN);
        session(ann).leave(TAVERN);
        sayLater("after");
        assertHeard(ann);
        assertThat(session(ann).rooms()).doesNotContain(TAVERN);
    }

    @Test
    void aLeaveOfAnAudienceIsALeaveAlthoughOneHasLeftAndJoinedSince() {
        TestClient ann = in("ann", TAVERN);
        realtime.namespace("/").room(TAVERN).leave(TAVERN);
        sayLater("meanwhile");
        session(ann).leave(TAVERN);
        session(ann).join(TAVERN);
        sayLater("after");
        assertHeard(ann, "after");
        assertThat(session(ann).rooms()).contains(TAVERN);
    }

    private void sayLater(String text) {
        var unused = realtime.namespace("/").room(TAVERN).emit(SAID, new Text(text));
    }

    @Test
    void exceptLeavesOutRoomsAndSessions() {
        TestClient ann = in("ann", TAVERN);
        TestClient bob = in("bob", TAVERN, CAVE);
        TestClient cid = in("cid", TAVERN);
        say(realtime.namespace("/").room(TAVERN).except(CAVE), "not the cave");
        say(realtime.namespace("/").except(session(cid)), "not cid");
        say(session(ann).others(TAVERN), "not ann");
        assertHeard(ann, "not the cave", "not cid");
        assertHeard(bob, "not cid", "not ann");
        assertHeard(cid, "not the cave", "not ann");
    }

    @Test
    void aUserIsAllItsSessionsAndASessionIsItselfAlone() {
        TestClient one = in("ann");
        TestClient two = in("ann");
        TestClient bob = in("bob");
        say(realtime.namespace("/").user("ann"), "user");
        say(realtime.namespace("/").session(two.id()), "session");
        assertHeard(one, "user");
        assertHeard(two, "user", "session");
        assertHeard(bob);
    }

    @Test
    void anAudienceIsImmutable() {
        TestClient ann = in("ann", TAVERN);
        Audience all = realtime.namespace("/");
        Audience nobody = all.room(CAVE);
        all.except(TAVERN);
        say(all, "all");
        say(nobody, "nobody");
        assertHeard(ann, "all");
    }

    @Test
    void whoJoinedByAudienceHearsWhatIsEmittedAfterwards() {
        TestClient ann = in("ann", CAVE);
        TestClient bob = in("bob");
        realtime.namespace("/").room(CAVE).join(TAVERN);
        realtime.namespace("/").room(TAVERN).emit(SAID, new Text("welcome"));
        realtime.namespace("/").room(CAVE).leave(TAVERN);
        realtime.namespace("/").room(TAVERN).emit(SAID, new Text("too late"));
        realtime.settle();
        assertHeard(ann, "welcome");
        assertHeard(bob);
        assertThat(session(ann).rooms()).doesNotContain(TAVERN).contains(CAVE);
    }

    @Test
    void movingLeavesOneRoomAndEntersTheOther() {
        TestClient ann = in("ann", CAVE);
        say(realtime.namespace("/").room(CAVE).room(TAVERN), "before");
        session(ann).move(CAVE, TAVERN);
        say(realtime.namespace("/").room(CAVE), "cave");
        say(realtime.namespace("/").room(TAVERN), "tavern");
        assertHeard(ann, "before", "tavern");
        assertThat(session(ann).rooms()).contains(TAVERN).doesNotContain(CAVE);
    }

    @Test
    void everythingEmittedToARoomBeforeALeaveStillArrives() {
        TestClient ann = in("ann", CAVE);
        realtime.namespace("/").room(CAVE).emit(SAID, new Text("before"));
        session(ann).leave(CAVE);
        realtime.namespace("/").room(CAVE).emit(SAID, new Text("after"));
        realtime.settle();
        assertHeard(ann, "before");
    }

    @Test
    void fetchTellsWhoIsThere() {
        TestClient ann = in("ann", TAVERN);
        TestClient bob = in("bob", TAVERN);
        in("cid");
        bob.dropConnection();
        Fetched fetched = realtime.await(realtime.namespace("/").room(TAVERN).fetch());
        assertThat(fetched.complete()).isTrue();
        List<SessionView> views = fetched.sessions();
        assertThat(views).extracting(SessionView::id).containsExactlyInAnyOrder(ann.id(), bob.id());
        SessionView view =
                views.stream().filter(v -> v.id().equals(ann.id())).findFirst().orElseThrow();
        assertThat(view.connected()).isTrue();
        assertThat(view.principal().id()).isEqualTo("ann");
        assertThat(view.rooms()).contains(TAVERN, RoomKind.USER.of("ann"));
        assertThat(view.node()).isEqualTo(realtime.realtime().node());
    }

    @Test
    void disconnectingAnAudienceEndsItsSessionsAndNoOthers() {
        TestClient ann = in("ann", TAVERN);
        TestClient bob = in("bob");
        realtime.await(realtime.namespace("/").room(TAVERN).disconnect(false));
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.disconnectReason()).isEqualTo("io server disconnect");
        assertThat(bob.isConnected()).isTrue();
        assertThat(realtime.namespace("/").sessions()).hasSize(1);
    }

    @Test
    void whatWasEmittedBeforeADisconnectStillArrives() {
        TestClient ann = in("ann", TAVERN);
        realtime.namespace("/").room(TAVERN).emit(SAID, new Text("goodbye"));
        realtime.namespace("/").room(TAVERN).disconnect(false);
        realtime.settle();
        assertHeard(ann, "goodbye");
    }

    @Test
    void aNameChosenByAClientStaysInItsKind() {
        TestClient ann = in("ann");
        TestClient eve = in("eve");
        eve.request(Game.JOIN, new Game.Room("user:ann"));
        eve.request(Game.JOIN, new Game.Room(ann.id()));
        say(realtime.namespace("/").user("ann"), "private");
        say(realtime.namespace("/").session(ann.id()), "secret");
        assertHeard(eve);
        assertHeard(ann, "private", "secret");
        assertThat(session(eve).rooms()).contains(ZONE.of("user:ann"));
    }

    @Test
    void aSessionIsOnlyInSoManyRooms() {
        TestClient ann = in("ann");
        Session session = session(ann);
        int joined = 0;
        try {
            for (int i = 0; i < 20; i++) {
                session.join(ZONE.of("z" + i));
                joined++;
            }
        } catch (IllegalStateException full) {
            assertThat(joined).isBetween(3, 5);
        }
        assertThat(joined).isLessThan(20);
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void aJoinAfterTheEndOfTheSessionDoesNothing() {
        TestClient ann = in("ann");
        Session session = session(ann);
        ann.disconnect();
        session.join(TAVERN);
        session.leave(TAVERN);
        realtime.settle();
        assertThat(realtime.namespace("/").room(TAVERN).size()).isZero();
        assertThat(session.isClosed()).isTrue();
    }

    @Test
    void allMembersSeeOneOrder() {
        TestClient ann = in("ann", TAVERN);
        TestClient bob = in("bob", TAVERN);
        for (int i = 0; i < 50; i++) {
            (i % 2 == 0 ? ann : bob).emit(Game.SAY, new Text("own"));
            realtime.namespace("/").room(i % 3 == 0 ? CAVE : TAVERN).emit(SAID, new Text("" + i));
        }
        realtime.settle();
        List<String> forAnn =
                heard(ann).stream().filter(text -> !text.equals("own")).toList();
        List<String> forBob =
                heard(bob).stream().filter(text -> !text.equals("own")).toList();
        assertThat(forAnn).isEqualTo(forBob).hasSizeGreaterThan(30);
    }

    @Test
    void aPayloadThatHasNoJsonFormFailsItsEmitAlone() {
        TestClient ann = in("ann");
        Object[] cycle = new Object[1];
        cycle[0] = cycle;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> realtime.namespace("/").emit(Event.of("bad", Object.class), cycle));
        say(realtime.namespace("/"), "good");
        assertHeard(ann, "good");
    }

    private TestClient in(String user, RoomKey... rooms) {
        TestClient client = realtime.connect("/", user);
        for (RoomKey room : rooms) {
            session(client).join(room);
        }
        realtime.settle();
        return client;
    }

    private Session session(TestClient client) {
        return Game.session(realtime, client);
    }

    private void say(Audience audience, String text) {
        realtime.await(audience.emit(SAID, new Text(text)));
    }

    private static List<String> heard(TestClient client) {
        return client.received(SAID).stream().map(Text::text).toList();
    }

    private static void assertHeard(TestClient client, String... texts) {
        assertThat(heard(client)).containsExactly(texts);
    }
}
