package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.Waiting.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link Leases} must do. */
public abstract class LeasesContract {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The leases under test. */
    protected abstract Leases leases();

    /** Lets this much time pass for the leases. */
    protected abstract void elapse(Duration time);

    /** How long a time of the contract lasts; see {@link BackendContract#lasting}. */
    protected Duration lasting(Duration time) {
        return time;
    }

    @Test
    void aNodeLivesFromItsFirstRenewal() {
        assertThat(result(leases().living())).isEmpty();
        assertThat(result(leases().renew("node-1", MINUTE)))
                .as("the first time")
                .isFalse();
        assertThat(result(leases().renew("node-1", MINUTE))).as("then").isTrue();
        assertThat(result(leases().renew("node-2", MINUTE))).isFalse();
        assertThat(result(leases().living())).containsExactlyInAnyOrder("node-1", "node-2");
    }

    @Test
    void aNodeThatDoesNotRenewIsDead() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(10))));
        result(leases().renew("node-2", MINUTE));
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(MINUTE))).as("in time").isEmpty();
        elapse(Duration.ofSeconds(15));
        assertThat(result(leases().living())).containsExactly("node-2");
        assertThat(result(leases().takeOver(MINUTE))).containsExactly("node-1");
    }

    @Test
    void theDeadAreGivenToOneCallerUntilHisTimeIsOver() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(lasting(Duration.ofSeconds(10))))).containsExactly("node-1");
        assertThat(result(leases().takeOver(lasting(Duration.ofSeconds(10))))).isEmpty();
        elapse(Duration.ofSeconds(20));
        assertThat(result(leases().takeOver(lasting(Duration.ofSeconds(10))))).containsExactly("node-1");
    }

    @Test
    void ofManyCallersOneGetsTheDead() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(5));
        List<CompletionStage<Set<String>>> takeovers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            takeovers.add(leases().takeOver(MINUTE));
        }
        assertThat(takeovers.stream().filter(takeover -> !result(takeover).isEmpty()))
                .hasSize(1);
    }

    @Test
    void aBuriedNodeIsGoneForGood() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(5));
        result(leases().takeOver(lasting(Duration.ofSeconds(1))));
        result(leases().endTakeover("node-1"));
        result(leases().endTakeover("node-1"));
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(MINUTE))).isEmpty();
        assertThat(result(leases().living())).isEmpty();
    }

    @Test
    void whoIsBuriedLateLivesOnIfItHasRenewedItsLeaseSince() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(5));
        result(leases().takeOver(MINUTE));
        result(leases().renew("node-1", MINUTE));
        result(leases().endTakeover("node-1"));
        assertThat(result(leases().living())).containsExactly("node-1");
        assertThat(result(leases().renew("node-1", lasting(Duration.ofSeconds(1)))))
                .as("there was a lease")
                .isTrue();
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(MINUTE))).as("when it dies").containsExactly("node-1");
    }

    @Test
    void aNodeThatEndsInOrderIsNotBuried() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        result(leases().end("node-1"));
        result(leases().end("node-1"));
        assertThat(result(leases().living())).isEmpty();
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(MINUTE))).isEmpty();
    }

    @Test
    void aNodeThatWasTakenForDeadIsToldAndLivesAgain() {
        result(leases().renew("node-1", lasting(Duration.ofSeconds(1))));
        elapse(Duration.ofSeconds(5));
        result(leases().takeOver(lasting(Duration.ofSeconds(1))));
        assertThat(result(leases().renew("node-1", MINUTE)))
                .as("what it held belongs to others")
                .isFalse();
        assertThat(result(leases().living())).containsExactly("node-1");
        elapse(Duration.ofSeconds(5));
        assertThat(result(leases().takeOver(MINUTE))).as("it is no longer dead").isEmpty();
    }
}
