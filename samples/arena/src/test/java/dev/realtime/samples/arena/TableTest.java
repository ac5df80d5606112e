package dev.realtime.samples.arena;

import static dev.realtime.samples.arena.Contracts.BEGIN;
import static dev.realtime.samples.arena.Contracts.CONFLICT_RESOLVED;
import static dev.realtime.samples.arena.Contracts.ENTER;
import static dev.realtime.samples.arena.Contracts.RISE;
import static dev.realtime.samples.arena.Contracts.SETTLE;
import static dev.realtime.samples.arena.Contracts.SIT;
import static dev.realtime.samples.arena.Contracts.STATE_RESTORED;
import static dev.realtime.samples.arena.Contracts.STATE_UPDATE;
import static dev.realtime.samples.arena.Contracts.TAKE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.samples.arena.Contracts.Enter;
import dev.realtime.samples.arena.Contracts.GameShown;
import dev.realtime.samples.arena.Contracts.Settle;
import dev.realtime.samples.arena.Contracts.Take;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A game of pebbles between players at two nodes. */
class TableTest {
    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, () -> Arena.realtime(Settings.from(Map.of()), world()));

    private TestClient ann;
    private TestClient bob;

    private World world() {
        return new World(() -> cluster.time().now());
    }

    @BeforeEach
    void connect() {
        ann = cluster.connect(0, "/", "ann");
        bob = cluster.connect(1, "/", "bob");
        ann.request(ENTER, new Enter("tavern"));
        bob.request(ENTER, new Enter("tavern"));
    }

    private void sitDown() {
        ann.request(SIT, null);
        bob.request(SIT, null);
    }

    private void begin() {
        sitDown();
        cluster.advance(Pebbles.BEGINS_IN.plusSeconds(1));
    }

    private static List<Integer> left(TestClient client) {
        return client.received(STATE_UPDATE).stream()
                .map(shown -> shown.gameState() == null ? -1 : shown.gameState().left())
                .distinct()
                .toList();
    }

    private static GameShown latest(TestClient client) {
        List<GameShown> shown = client.received(STATE_UPDATE);
        return shown.get(shown.size() - 1);
    }

    @Test
    void theGameBeginsTenSecondsAfterTheSecondHasSatDown() {
        sitDown();
        assertThat(ann.ask(TAKE, new Take(1)).errorCode()).isEqualTo("not_playing");
        cluster.advance(Pebbles.BEGINS_IN.minusSeconds(1));
        assertThat(ann.has(BEGIN)).isFalse();
        cluster.advance(Duration.ofSeconds(2));
        assertThat(ann.received(BEGIN)).hasSize(1).isEqualTo(bob.received(BEGIN));
        ann.request(TAKE, new Take(1));
        assertThat(left(bob)).containsExactly(12, 11);
    }

    @Test
    void itBeginsThoughTheNodeThatHasSetTheBellIsGone() {
        sitDown();
        cluster.node(1).kill();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(ann.received(BEGIN)).hasSize(1);
    }

    @Test
    void whoStandsUpBeforeItBeginsSilencesTheBell() {
        sitDown();
        bob.request(RISE, null);
        cluster.advance(Duration.ofMinutes(1));
        assertThat(ann.has(BEGIN)).isFalse();
        ann.request(RISE, null);
        assertThat(latest(bob).gameState()).isNull();
    }

    @Test
    void movesReachBothInOrderAndTheRulesHold() {
        begin();
        assertThat(bob.ask(TAKE, new Take(1)).errorCode()).isEqualTo("not_your_turn");
        assertThat(ann.ask(TAKE, new Take(4)).errorCode()).isEqualTo("bad_move");
        for (int i = 0; i < 2; i++) {
            ann.request(TAKE, new Take(3));
            bob.request(TAKE, new Take(3));
        }
        assertThat(left(ann)).containsExactly(12, 9, 6, 3, 0).isEqualTo(left(bob));
        assertThat(ann.received(STATE_UPDATE)).isEqualTo(bob.received(STATE_UPDATE));
        assertThat(latest(ann).updatedBy()).isEqualTo("bob");
        assertThat(ann.ask(TAKE, new Take(1)).errorCode()).isEqualTo("not_playing");
    }

    @Test
    void whoComesLaterSeesHowItStandsAndWhoWasAwayMissesNothing() {
        begin();
        ann.request(TAKE, new Take(2));
        TestClient cid = cluster.connect(0, "/", "cid");
        assertThat(cid.next(STATE_RESTORED)).isEqualTo(latest(ann));
        ann.dropConnection();
        bob.request(TAKE, new Take(3));
        ann.reconnect();
        assertThat(ann.recovered()).isTrue();
        assertThat(left(ann)).containsExactly(12, 10, 7);
        assertThat(cid.received(STATE_UPDATE)).containsExactly(latest(bob));
    }

    @Test
    void aThirdPlaysWhenTheGameIsOverOrAbandoned() {
        begin();
        TestClient cid = cluster.connect(0, "/", "cid");
        assertThat(cid.ask(SIT, null).errorCode()).isEqualTo("not_at_the_table");
        cid.request(ENTER, new Enter("tavern"));
        assertThat(cid.ask(SIT, null).errorCode()).isEqualTo("table_taken");
        cluster.advance(Pebbles.ABANDONED.plusSeconds(1));
        cid.request(SIT, null);
        assertThat(latest(bob).gameState().seats()).containsExactly(new Pebbles.Seat("cid", "cid"));
    }

    @Test
    void ofCopiesThatWentOtherWaysOneHoldsThatTheRulesAllow() {
        begin();
        GameShown before = latest(ann);
        Pebbles moved = before.gameState()
                .take("ann", 2, before.gameState().beginsAt()); // and its time is not the page's to set
        Pebbles fair = withLeft(before.gameState(), 10);
        ann.request(SETTLE, new Settle(before.version() + 1_000, withLeft(before.gameState(), 0), 7));
        ann.request(SETTLE, new Settle(before.version(), moved, 7));
        assertThat(ann.next(CONFLICT_RESOLVED).resolvedState()).isEqualTo(before.gameState());
        bob.request(SETTLE, new Settle(before.version(), fair, 7)); // it is not his move
        assertThat(bob.received(CONFLICT_RESOLVED))
                .hasSize(3)
                .allMatch(resolved -> resolved.resolvedState().equals(before.gameState()));
        ann.request(SETTLE, new Settle(before.version(), fair, 7));
        assertThat(bob.received(CONFLICT_RESOLVED).get(3).resolvedState()).isEqualTo(fair);
        bob.request(TAKE, new Take(1));
        assertThat(latest(ann).gameState().left()).isEqualTo(9);
    }

    /** The game behind a move, as a page makes it by itself. */
    private static Pebbles withLeft(Pebbles game, int left) {
        return new Pebbles(game.seats(), left, 1 - game.turn(), game.beginsAt(), game.changedAt(), game.bell());
    }
}
