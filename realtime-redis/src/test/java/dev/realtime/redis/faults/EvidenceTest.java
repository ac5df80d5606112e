package dev.realtime.redis.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.redis.faults.ZoneClient.Life;
import dev.realtime.redis.faults.ZoneClient.Received;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The judge must see what it is there to see. */
class EvidenceTest {
    private static final Evidence.Book WHOLE = book(life("a", 1, 2, 3, 4));

    @Test
    void equalBooksProveNothingBad() {
        Evidence evidence = judge(WHOLE, book(life("b", 2, 3, 4)));
        assertThat(evidence.lost() + evidence.duplicated() + evidence.reordered())
                .isZero();
        assertThat(evidence.delivered()).isEqualTo(7);
    }

    @Test
    void aHoleInASessionIsALoss() {
        assertThat(judge(WHOLE, book(life("b", 1, 2, 4))).lost()).isEqualTo(1);
    }

    @Test
    void aHoleInASessionThatWasFollowedByAFreshOneWasTold() {
        Evidence evidence = judge(WHOLE, book(life("b", 1, 3), life("c", 4)));
        assertThat(evidence.lost()).isZero();
        assertThat(evidence.gaps()).isEqualTo(1);
    }

    @Test
    void whatCameBeforeTheMembershipWasConfirmedNeedNotBeWhole() {
        Life life = life("b", 1, 3, 4);
        assertThat(judge(WHOLE, book(new Life("b", life.received(), 1))).lost()).isZero();
        assertThat(judge(WHOLE, book(new Life("b", life.received(), 0))).lost()).isEqualTo(1);
    }

    @Test
    void anEventThatCameTwiceIsADuplicate() {
        assertThat(judge(WHOLE, book(life("b", 1, 2, 2, 3))).duplicated()).isEqualTo(1);
    }

    @Test
    void anEventThatCameLateIsOutOfOrder() {
        assertThat(judge(WHOLE, book(life("b", 1, 3, 2, 4))).reordered()).isEqualTo(1);
    }

    @Test
    void anAcceptedEventThatNobodyReceivedIsALoss() {
        Evidence evidence = Evidence.of(List.of(WHOLE), Map.of("tavern", Set.of("text-1", "text-9")));
        assertThat(evidence.lost()).isEqualTo(1);
        assertThat(evidence.examples()).singleElement().asString().contains("text-9");
    }

    private static Evidence judge(Evidence.Book... books) {
        return Evidence.of(List.of(books), Map.of());
    }

    private static Evidence.Book book(Life... lives) {
        return new Evidence.Book("tavern", List.of(lives), 0, List.of());
    }

    private static Life life(String session, int... places) {
        return new Life(
                session,
                java.util.Arrays.stream(places)
                        .mapToObj(place -> new Received("7-" + place, "text-" + place))
                        .toList(),
                0);
    }
}
