package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.SAID;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.EventRefusedException;
import dev.realtime.FreshReason;
import dev.realtime.NamespaceSetup;
import dev.realtime.Principal;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Room;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** I6: who may be in a room is asked of each session, whenever it would enter, comes back, or may do less than before. */
class RoomRulesTest {
    private static final RoomKey TAVERN = ZONE.of("tavern");
    private static final RoomKey CAVE = ZONE.of("cave");
    private static final RoomKind ADMIN = RoomKind.named("admin");
    private static final RoomKind VAULT = RoomKind.named("vault");
    private static final RoomKind OPEN = RoomKind.named("open");

    private final Set<String> forbidden = new HashSet<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int failing; // so many times yet
    private Runnable asked = () -> {};
    private Consumer<Session> suspended = session -> {};

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Game.open(this::rules));

    private void rules(NamespaceSetup game) {
        game.joins(ZONE, this::allowed)
                .protect(ADMIN)
                .joins(ADMIN, (principal, room) -> principal.roles().contains("admin"))
                .protect(ADMIN)
                .protect(VAULT)
                .intercept(
                        (handshake, principal, entry) -> handshake.query("room").ifPresent(entry::join))
                .onRoomLost((session, room) -> told.add("lost " + room))
                .onConnect(session -> told.add("connect"))
                .onSuspend((session, reason) -> suspended.accept(session))
                .onFresh((session, reason) -> told.add("fresh " + reason))
                .onError((session, what, cause) -> failures.add(what + " " + cause.getMessage()));
    }

    private boolean allowed(Principal principal, RoomKey room) {
        asked.run();
        if (failing > 0) {
            failing--;
            throw new IllegalStateException("whoever knows is away");
        }
        return !forbidden.contains(principal.id() + " " + room);
    }

    private Session session(TestClient client) {
        return Game.session(realtime, client);
    }

    private void recheck(TestClient client) {
        ((LocalSession) session(client)).recheckRooms();
        realtime.settle();
    }

    private void say(RoomKey room, String text) {
        realtime.await(realtime.namespace("/").room(room).emit(SAID, new Text(text)));
    }

    // ---- joins

    @Test
    void aClientThatMayNotJoinIsToldSoAndGoesOn() {
        TestClient ann = realtime.connect("/", "ann");
        forbidden.add("ann zone:cave");
        assertThat(ann.ask(JOIN, new Room("cave")).errorCode()).isEqualTo("forbidden");
        assertThat(ann.ask(JOIN, new Room("tavern")).value()).isNotNull();
        say(CAVE, "for members");
        say(TAVERN, "for guests");
        assertThat(ann.received(SAID)).extracting(Text::text).containsExactly("for guests");
        assertThat(ann.request(ECHO, new Text("still here"))).isNotNull();
        assertThat(failures).isEmpty();
    }

    @Test
    void oneWhoMayNotJoinKeepsNobodyElseOut() {
        forbidden.add("ann zone:cave");
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        assertThat(ann.ask(JOIN, new Room("cave")).errorCode()).isEqualTo("forbidden");
        assertThat(bob.ask(JOIN, new Room("cave")).value()).isNotNull();
    }

    @Test
    void whoMayNotMoveStaysWhereItWas() {
        TestClient ann = realtime.connect("/", "ann");
        session(ann).join(TAVERN);
        forbidden.add("ann zone:cave");
        assertThatThrownBy(() -> session(ann).move(TAVERN, CAVE)).isInstanceOf(EventRefusedException.class);
        assertThat(session(ann).rooms()).contains(TAVERN).doesNotContain(CAVE);
        forbidden.clear();
        session(ann).move(TAVERN, CAVE);
        assertThat(session(ann).rooms()).contains(CAVE).doesNotContain(TAVERN);
    }

    @Test
    void nobodyJoinsAProtectedRoomUnlessARuleSaysSo() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient root =
                realtime.client().user("root").auth("roles", List.of("admin")).connect("/");
        assertThatThrownBy(() -> session(ann).join(ADMIN.of("all"))).isInstanceOf(EventRefusedException.class);
        session(root).join(ADMIN.of("all"));
        assertThatThrownBy(() -> session(root).join(VAULT.of("gold"))).isInstanceOf(EventRefusedException.class);
        session(ann).join(OPEN.of("air"));
        assertThat(session(root).rooms()).contains(ADMIN.of("all"));
        assertThat(session(ann).rooms()).contains(OPEN.of("air"));
    }

    @Test
    void nobodyJoinsAnotherUsersRoom() {
        TestClient ann = realtime.connect("/", "ann");
        assertThatThrownBy(() -> session(ann).join(RoomKind.USER.of("bob"))).isInstanceOf(EventRefusedException.class);
        session(ann).join(RoomKind.USER.of("ann"));
        assertThat(session(ann).rooms()).containsExactly(RoomKind.USER.of("ann"));
    }

    @Test
    void aRuleThatFailsLetsNobodyIn() {
        TestClient ann = realtime.connect("/", "ann");
        failing = 1;
        assertThat(ann.ask(JOIN, new Room("cave")).errorCode()).isEqualTo("handler_failed");
        assertThat(realtime.expectHandlerFailure()).hasMessage("whoever knows is away");
        assertThat(session(ann).rooms()).doesNotContain(CAVE);
        assertThat(ann.ask(JOIN, new Room("cave")).value()).isNotNull();
    }

    @Test
    void whoIsInARoomIsNotAskedForAgain() {
        TestClient ann = realtime.connect("/", "ann");
        session(ann).join(CAVE);
        failing = 1;
        session(ann).join(CAVE);
        assertThat(failing).isEqualTo(1);
    }

    @Test
    void anInterceptorPutsNobodyIntoAForbiddenRoom() {
        forbidden.add("ann zone:cave");
        TestClient ann =
                realtime.client().user("ann").query("room", "zone:cave").connect("/");
        assertThat(ann.isConnected()).isFalse();
        assertThat(ann.connectError().orElseThrow().code()).isEqualTo("forbidden");
        TestClient bob =
                realtime.client().user("bob").query("room", "zone:cave").connect("/");
        assertThat(session(bob).rooms()).contains(CAVE);
        assertThat(told).containsExactly("connect");
    }

    @Test
    void whatTheServerDoesToAnAudienceIsItsOwnActUntilTheRuleIsAskedAgain() {
        TestClient ann = realtime.connect("/", "ann");
        forbidden.add("ann zone:cave");
        realtime.await(realtime.namespace("/").join(CAVE));
        realtime.settle();
        say(CAVE, "to all");
        assertThat(ann.next(SAID).text()).isEqualTo("to all");
        recheck(ann);
        assertThat(session(ann).rooms()).doesNotContain(CAVE);
    }

    // ---- what was allowed is not any more

    @Test
    void whoLosesTheRightLeavesAndTheApplicationIsTold() {
        TestClient ann = realtime.connect("/", "ann");
        TestClient bob = realtime.connect("/", "bob");
        for (TestClient one : List.of(ann, bob)) {
            session(one).join(CAVE);
            session(one).join(TAVERN);
        }
        say(CAVE, "before");
        forbidden.add("ann zone:cave");
        recheck(ann);
        recheck(bob);
        say(CAVE, "behind");
        assertThat(session(ann).rooms()).contains(TAVERN).doesNotContain(CAVE);
        assertThat(told).contains("lost zone:cave").doesNotContain("lost zone:tavern");
        assertThat(ann.received(SAID)).extracting(Text::text).containsExactly("before");
        assertThat(bob.received(SAID)).extracting(Text::text).containsExactly("before", "behind");
    }

    @Test
    void aSuspendedSessionThatLosesARoomComesBackToAllThatWasSentBefore() {
        TestClient ann = realtime.connect("/", "ann");
        session(ann).join(CAVE);
        realtime.settle();
        Session session = session(ann);
        ann.dropConnection();
        say(CAVE, "before");
        forbidden.add("ann zone:cave");
        ((LocalSession) session).recheckRooms();
        realtime.settle();
        say(CAVE, "behind");
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(ann.received(SAID)).extracting(Text::text).containsExactly("before");
        assertThat(told).containsExactly("connect", "lost zone:cave");
    }

    @Test
    void whoComesBackAndMayNoLongerBeInARoomBeginsAfresh() {
        TestClient ann = realtime.connect("/", "ann");
        session(ann).join(CAVE);
        realtime.settle();
        ann.dropConnection();
        forbidden.add("ann zone:cave");
        ann.reconnect();
        assertThat(ann.recovered()).isFalse();
        assertThat(told).contains("fresh " + FreshReason.ROOM_FORBIDDEN);
    }

    @Test
    void newCredentialsWithFewerRolesTakeRoomsAway() {
        TestClient root =
                realtime.client().user("root").auth("roles", List.of("admin")).connect("/");
        session(root).join(ADMIN.of("all"));
        root.askRaw("auth:refresh", Map.of("user", "root")).answer();
        realtime.settle();
        assertThat(session(root).rooms()).doesNotContain(ADMIN.of("all"));
        assertThat(told).contains("lost admin:all");
    }

    @Test
    void aRightThatIsLostWhileItsRuleIsAskedIsOfNoUse() {
        TestClient ann = realtime.connect("/", "ann");
        Session session = session(ann);
        asked = () -> {
            asked = () -> {};
            // the rule has looked before the ban, and says so behind it
            ((LocalSession) session).recheckRooms();
        };
        session.join(CAVE);
        forbidden.add("ann zone:cave");
        realtime.settle();
        assertThat(session.rooms()).doesNotContain(CAVE);
        assertThat(told).contains("lost zone:cave");
    }

    @Test
    void aRuleThatFailsTakesNothingAwayAndIsAskedAgain() {
        realtime.allowHandlerFailures();
        TestClient ann = realtime.connect("/", "ann");
        session(ann).join(CAVE);
        forbidden.add("ann zone:cave");
        failing = 2;
        recheck(ann);
        assertThat(session(ann).rooms()).contains(CAVE);
        assertThat(failures).containsExactly("joins whoever knows is away");
        assertThat(realtime.realtime().stats().counters()).containsEntry("rooms.rules.failed", 1L);
        realtime.advance(Duration.ofSeconds(4));
        assertThat(failing).isZero();
        assertThat(session(ann).rooms()).doesNotContain(CAVE);
    }

    /** Nobody has asked for it, and nothing has failed. */
    @Test
    void aListenerThatIsRefusedARoomIsNoFailure() {
        TestClient ann = realtime.connect("/", "ann");
        forbidden.add("ann " + TAVERN);
        suspended = session -> session.join(TAVERN);
        ann.dropConnection();
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(failures).isEmpty();
        assertThat(session(ann).rooms()).doesNotContain(TAVERN);
    }
}
