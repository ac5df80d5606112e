package dev.realtime.testkit.contract;

import static dev.realtime.testkit.contract.ServerVariant.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that connects to a namespace, leaves it and connects again, without end: it is held to a pace, and stays connected. */
@Tag(TransportContract.STRICTER)
abstract class HostileConnectRules extends TransportContract.Rules {
    private static final int AT_ONCE = 2 * ServerVariant.MAX_NAMESPACES;
    private static final int MORE = 4;
    private static final Duration PACE = Duration.ofMillis(500);

    @Test
    void whoConnectsAndLeavesAllTheTimeIsHeldToAPace() {
        try (SocketClient bystander = client(OPEN);
                SocketClient client = client(OPEN)) {
            long start = System.nanoTime();
            for (int i = 1; i < AT_ONCE + MORE; i++) {
                client.socket().send("41");
                SocketClient.join(client.socket(), "/", "");
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            assertThat(taken).isGreaterThan(PACE.multipliedBy(MORE - 1));
            client.echoes("goes on");
            bystander.echoes("undisturbed");
        }
    }
}
