package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.limits.Limits;
import dev.realtime.testkit.InMemoryExchange;
import dev.realtime.testkit.TestRealtime;
import dev.realtime.testkit.TestRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the node keeps of the requests that opened connections is bounded, and gone with the connections. */
class OpeningRequestTest {
    private static final int KEPT = 20_000;
    private static final long QUARTER = (8 << 20) / 8 / 4;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxInboundBytes(8 << 20).maxPayload(100_000))
            .namespace("/", game -> game.allowAnonymous()));

    private int open(int headerLength, String address) {
        InMemoryExchange exchange = realtime.transport()
                .exchange(
                        TestRequest.of("GET", "/socket.io/")
                                .query("EIO", "4")
                                .query("transport", "polling")
                                .header("x-token", "x".repeat(headerLength))
                                .from(address)
                                .view(),
                        new byte[0]);
        realtime.settle();
        return exchange.status();
    }

    @Test
    void largeRequestsHaveAnEighthOfTheBudgetAndOneAddressAQuarterOfIt() {
        assertThat(fill("10.0.0.1")).isBetween(QUARTER / KEPT, QUARTER / (KEPT - 8_192L));
        assertThat(fill("10.0.0.2")).as("another address").isBetween(QUARTER / KEPT, QUARTER / (KEPT - 8_192L));
        fill("10.0.0.3");
        fill("10.0.0.4");
        fill("10.0.0.5");
        assertThat(open(KEPT, "10.0.0.6")).isEqualTo(503);
        assertThat(open(2_000, "10.0.0.1")).as("an honest one").isEqualTo(200);
        realtime.advance(Limits.DEFAULT.connectTimeout().plusSeconds(1));
        assertThat(realtime.realtime().doors().inbound().used()).isZero();
        assertThat(open(KEPT, "10.0.0.1")).isEqualTo(200);
    }

    private long fill(String address) {
        long fit = 0;
        while (open(KEPT, address) == 200) {
            fit++;
        }
        return fit;
    }
}
