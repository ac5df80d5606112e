package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.JOIN;
import static dev.realtime.behaviour.Game.ZONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.FreshReason;
import dev.realtime.Namespace;
import dev.realtime.RoomKey;
import dev.realtime.RoomKind;
import dev.realtime.behaviour.Game.Number;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is not an id, an id is not a name, and what is neither goes nowhere. */
class IdTest {
    private final List<FreshReason> fresh = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime =
            TestRealtime.of(() -> Game.open(game -> game.onFresh((session, reason) -> fresh.add(reason))));

    @ParameterizedTest
    @ValueSource(
            strings = {"zone:tavern", "user:ann", "tavern", "", "__proto__", "constructor", "12345678901234567890\n"})
    void whatIsNoIdIsNoSession(String name) {
        Namespace game = realtime.namespace("/");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> game.session(name))
                .withMessageContaining("session's id");
        assertThatIllegalArgumentException().isThrownBy(() -> game.exceptSession(name));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> game.room("zone:tavern").session(name));
        assertThat(game.find(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"__proto__", "constructor", "user:ann", "zone:tavern", "*", "/", "a,b", "\u0000"})
    void aRoomThatAClientNamesIsOfItsKindAndNobodyElses(String name) {
        TestClient eve = realtime.connect("/", "eve");
        TestClient ann = realtime.connect("/", "ann");
        eve.request(JOIN, new Game.Room(name));
        eve.request(JOIN, new Game.Room(ann.id()));
        realtime.await(realtime.namespace("/").session(ann.id()).emit(Game.TICK, new Number(1)));
        realtime.await(realtime.namespace("/").user("ann").emit(Game.TICK, new Number(2)));
        realtime.await(realtime.namespace("/").room(ZONE.of(name)).emit(Game.TICK, new Number(3)));
        assertThat(Game.ticks(eve)).containsExactly(3);
        assertThat(Game.ticks(ann)).containsExactly(1, 2);
        assertThat(Game.session(realtime, eve).rooms())
                .containsExactlyInAnyOrder(RoomKind.USER.of("eve"), ZONE.of(name), ZONE.of(ann.id()));
    }

    @Test
    void whoJoinsAPlainRoomThatIsNamedLikeASessionDoesNotTakeItsEventsAway() {
        TestClient eve = realtime.connect("/", "eve");
        TestClient ann = realtime.connect("/", "ann");
        Game.session(realtime, eve).join(RoomKey.plain(ann.id()));
        realtime.await(realtime.namespace("/").session(ann.id()).emit(Game.TICK, new Number(1)));
        assertThat(Game.ticks(ann)).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "../../etc", "zone:tavern", "\u0661\u0661", "__proto__"})
    void aPrivateIdThatIsNoneGetsAFreshSession(String privateId) {
        forge(privateId, "1-1", FreshReason.UNKNOWN_SESSION);
    }

    @Test
    void aPrivateIdThatIsMuchTooLongGetsAFreshSession() {
        forge("p".repeat(5_000), "1-1", FreshReason.UNKNOWN_SESSION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", "1", "1-", "-1-1", "+1-+1", "1--1", "\u0661-\u0661", "1-1-1", "99999999999999999999-1"})
    void anOffsetThatIsNoneGetsAFreshSession(String offset) {
        TestClient ann = realtime.connect("/", "ann");
        forge(ann, ann.privateId().orElseThrow(), offset, FreshReason.BAD_OFFSET);
    }

    @Test
    void anOffsetThatIsMuchTooLongGetsAFreshSession() {
        TestClient ann = realtime.connect("/", "ann");
        forge(ann, ann.privateId().orElseThrow(), "1".repeat(5_000), FreshReason.BAD_OFFSET);
    }

    @Test
    void thePrivateIdOfAnotherUserDoesNotHarmHim() {
        TestClient ann = realtime.connect("/", "ann");
        ann.dropConnection();
        Game.ticks(realtime, 0, 2);
        forge(ann.privateId().orElseThrow(), "0-0", FreshReason.CREDENTIALS_CHANGED);
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(Game.ticks(ann)).containsExactly(0, 1);
    }

    private void forge(String privateId, String offset, FreshReason reason) {
        forge(realtime.connect("/", "eve"), privateId, offset, reason);
    }

    private void forge(TestClient client, String privateId, String offset, FreshReason reason) {
        client.forge(privateId, offset);
        client.dropConnection();
        client.reconnect();
        assertThat(client.isConnected()).isTrue();
        assertThat(client.recovered()).isFalse();
        assertThat(fresh).last().isEqualTo(reason);
    }
}
