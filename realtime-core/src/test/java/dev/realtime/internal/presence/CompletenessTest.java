package dev.realtime.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Position;
import dev.realtime.internal.presence.Completeness.Answer;
import dev.realtime.internal.presence.PresenceNote.Gone;
import dev.realtime.internal.presence.PresenceNote.Hello;
import dev.realtime.internal.presence.PresenceNote.Said;
import dev.realtime.internal.presence.PresenceNote.State;
import dev.realtime.presence.Status;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether a node knows is decided by the log alone. */
class CompletenessTest {
    private final Completeness one = new Completeness("n1");
    private final Completeness two = new Completeness("n2");
    private final Hello ofOne = asks(one);
    private final Hello ofTwo = asks(two);

    private static Hello asks(Completeness node) {
        node.lose(at(0));
        return node.ask("e");
    }

    private static Position at(int place) {
        return new Position(1, place);
    }

    private static State says(String node, Hello question, int as, String... ready) {
        return new State(
                node, question.name(), at(as), 0, 1, at(0), List.of(ready), List.of(ready), List.of(), List.of());
    }

    private static boolean isTaken(Completeness node, int place, PresenceNote note) {
        Answer answer = node.read(at(place), note);
        if (answer != null) {
            node.settle(answer);
        }
        return answer != null;
    }

    private void bothAsk() {
        for (Completeness node : List.of(one, two)) {
            assertThat(isTaken(node, 1, ofOne)).isFalse();
            assertThat(isTaken(node, 2, ofTwo)).isFalse();
            node.expect(Set.of(node == one ? "n2" : "n1"));
            assertThat(node.isToBegin()).isTrue();
            assertThat(node.begin()).containsExactly("n1", "n2");
            assertThat(node.isToBegin()).isFalse();
        }
    }

    @Test
    void ofTwoThatBeginAtTheSameTimeTheFirstCountsForBoth() {
        bothAsk();
        State first = says("n2", ofTwo, 2, "n1", "n2");
        assertThat(isTaken(one, 3, first)).isTrue();
        assertThat(isTaken(two, 3, first)).isTrue();
        PresenceFold fold = new PresenceFold();
        fold.load(List.of(first), at(3));
        assertThat(fold.counts(says("n1", ofOne, 2, "n1", "n2"))).isFalse();
        assertThat(fold.isReady("n1")).isTrue();
    }

    @Test
    void aBeginningDoesNotCountIfSomebodyHasBeenAnsweredMeanwhile() {
        bothAsk();
        Hello other = new Hello("n3", 1, "e", false);
        assertThat(isTaken(one, 3, says("n0", other, 1, "n0"))).isFalse();
        assertThat(isTaken(one, 4, says("n1", ofOne, 2, "n1", "n2"))).isFalse();
        assertThat(isTaken(one, 5, says("n0", ofOne, 1, "n0"))).as("an answer").isTrue();
    }

    @Test
    void whoHasBeenAnsweredKnowsThoughItsNextQuestionIsAlreadyOnItsWay() {
        assertThat(isTaken(one, 1, ofOne)).isFalse();
        assertThat(isTaken(one, 2, ofTwo)).isFalse();
        assertThat(isTaken(one, 3, says("n0", ofTwo, 2, "n0")))
                .as("by a node that is dead by then")
                .isFalse();
        assertThat(isTaken(one, 4, two.ask("e"))).isFalse();
        one.expect(Set.of("n2"));
        assertThat(one.isToBegin()).isFalse();
        assertThat(isTaken(one, 5, new Hello("n2", 3, "e", true))).isFalse();
        assertThat(one.isToBegin())
                .as("it did know, and does not any more: it is to begin")
                .isFalse();
        one.read(at(6), new Gone("n1", "n2"));
        one.expect(Set.of());
        assertThat(one.isToBegin()).isTrue();
    }

    @Test
    void aBeginningCountsForThoseThatItNames() {
        bothAsk();
        State alone = says("n1", ofOne, 1, "n1");
        assertThat(isTaken(two, 3, alone)).isFalse();
        assertThat(isTaken(one, 3, alone)).isTrue();
        assertThat(isTaken(two, 4, says("n1", ofTwo, 2, "n1"))).isTrue();
    }

    @Test
    void whoIsAnsweredDoesNotTakeTheBeginningForAnotherOne() {
        State beginning = says("n1", ofOne, 1, "n1");
        PresenceFold old = new PresenceFold();
        old.load(List.of(beginning), at(3));
        PresenceFold newcomer = new PresenceFold();
        newcomer.load(old.state("n1", ofTwo.name(), at(2)), at(5));
        assertThat(newcomer.counts(beginning)).isFalse();
    }

    @Test
    void whatADeadHeirHasNotClaimedGoesToWhoTakesOverItsOwner() {
        PresenceFold fold = new PresenceFold();
        SessionStatement session = new SessionStatement("s", "ann", 1, Status.CONNECTED, 0, true, List.of(), "");
        fold.take(at(1), new Said("n0", List.of(session), List.of()));
        fold.take(at(2), new Gone("n1", "n0"));
        fold.take(at(3), new Gone("n2", "n1"));
        assertThat(Objects.requireNonNull(fold.find("s")).node()).isEqualTo("n2");
        assertThat(Objects.requireNonNull(fold.find("s")).author()).isEqualTo("n0");
        fold.take(at(4), new Gone("n3", "n0"));
        assertThat(fold.at("n3")).hasSize(1);
        assertThat(fold.at("n2")).isEmpty();
    }
}
