package dev.realtime.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class RequestSharesTest {
    private static final String MALLORY = "203.0.113.7";
    private static final String ANN = "198.51.100.1";
    private static final String BOB = "198.51.100.2";

    private final Queue<Runnable> started = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private int queued;
    private final RequestShares shares = new RequestShares(started::add, 4, 2, 6, 3, () -> queued++);

    private boolean ask(String address, String what) {
        return shares.submit(address, () -> done.add(what));
    }

    private void oneEnds() {
        started.remove().run();
    }

    @Test
    void anAddressHasItsPartOfTheThreadsAndOthersFindTheRest() {
        for (int i = 0; i < 4; i++) {
            assertThat(ask(MALLORY, "m" + i)).isTrue();
        }
        assertThat(started).hasSize(2);
        assertThat(queued).isEqualTo(2);
        assertThat(ask(ANN, "a")).isTrue();
        assertThat(started).hasSize(3);
        oneEnds();
        assertThat(started).as("the next of that address has begun").hasSize(3);
        while (!started.isEmpty()) {
            oneEnds();
        }
        assertThat(done).containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "a");
        assertThat(shares.addresses()).isZero();
    }

    @Test
    void linesTakeTurnsWhereThreadsAreShort() {
        for (String address : List.of(MALLORY, BOB)) {
            for (int i = 0; i < 4; i++) {
                ask(address, address + i);
            }
        }
        assertThat(started).hasSize(4);
        ask(ANN, "ann");
        for (int i = 0; i < 4; i++) {
            oneEnds();
        }
        assertThat(started).hasSize(4);
        for (int i = 0; i < 2; i++) {
            oneEnds();
        }
        assertThat(done).as("behind two, not behind four").contains("ann");
    }

    @Test
    void tooMuchIsRefusedFirstForTheAddressThenForAll() {
        for (int i = 0; i < 5; i++) {
            assertThat(ask(MALLORY, "m")).isTrue();
        }
        assertThat(ask(MALLORY, "too many of one")).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(ask(BOB, "b")).isTrue();
        }
        assertThat(ask(ANN, "too many in all")).isFalse();
        while (!started.isEmpty()) {
            oneEnds();
        }
        assertThat(done).hasSize(10);
        assertThat(ask(ANN, "now")).isTrue();
    }

    @Test
    void whatHasBegunGoesOnAlthoughTheLineIsFull() {
        for (int i = 0; i < 5; i++) {
            ask(MALLORY, "m");
        }
        shares.of(MALLORY).execute(() -> done.add("piece"));
        while (!started.isEmpty()) {
            oneEnds();
        }
        assertThat(done).endsWith("piece");
    }

    @Test
    void aTaskThatFailsLeavesItsPlace() {
        shares.submit(ANN, () -> {
            throw new IllegalStateException("wanted");
        });
        assertThatThrownBy(this::oneEnds).hasMessage("wanted");
        assertThat(shares.addresses()).isZero();
    }

    @Test
    void atTheEndNothingBegins() {
        for (int i = 0; i < 3; i++) {
            ask(MALLORY, "m");
        }
        shares.close();
        oneEnds();
        oneEnds();
        assertThat(started).isEmpty();
        assertThat(ask(ANN, "a")).isFalse();
        assertThatThrownBy(() -> shares.of(ANN).execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
