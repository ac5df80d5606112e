package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Limits;
import dev.realtime.Realtime;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the node keeps of the requests that opened connections is bounded, and gone with the connections. */
class OpeningRequestTest {
    private static final int KEPT = 20_000;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxInboundBytes(1 << 20))
            .namespace("/", game -> game.allowAnonymous()));

    private int open(int headerLength) {
        InMemoryExchange exchange = realtime.transport()
                .exchange(
                        TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "polling")
                                .header("x-token", "x".repeat(headerLength))
                                .view(),
                        new byte[0]);
        realtime.settle();
        return exchange.status();
    }

    @Test
    void largeRequestsGetAQuarterOfTheBudgetAndLeaveItWithTheirConnections() {
        long fit = 0;
        while (open(KEPT) == 200) {
            fit++;
        }
        assertThat(fit).isBetween((long) (1 << 18) / KEPT, (1 << 18) / (KEPT - 8_192L));
        assertThat(open(KEPT)).isEqualTo(503);
        assertThat(open(2_000)).as("an honest one").isEqualTo(200);
        realtime.advance(Limits.DEFAULT.connectTimeout().plusSeconds(1));
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        assertThat(open(KEPT)).isEqualTo(200);
    }
}
