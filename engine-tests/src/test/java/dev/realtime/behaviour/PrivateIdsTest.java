package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Realtime;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spi.PlacedEntry;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import dev.realtime.users.SingleLogin;
import dev.realtime.users.UserRules;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever has the private id of a session can go on with it: no log has one, which all servers of a cluster read. */
class PrivateIdsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void noLogHasThePrivateIdOfASession() {
        try (TestCluster cluster = TestCluster.of(
                        2,
                        () -> Realtime.builder()
                                .users(UserRules.DEFAULT.singleLogin(SingleLogin.NEWER_WINS))
                                .namespace(
                                        "/",
                                        game -> game.presence(PresenceOptions.DEFAULT)
                                                .onConnect(session -> session.join("zone:tavern"))))
                .start()) {
            TestClient phone = cluster.connect(0, "/", "bob");
            String first = phone.privateId().orElseThrow();
            phone.dropConnection();
            phone.reconnect(1);
            TestClient laptop = cluster.connect(1, "/", "bob");
            cluster.advance(SECOND);
            String second = laptop.privateId().orElseThrow();
            cluster.await(cluster.node(0).realtime().users().user("bob").mute(Duration.ofMinutes(1)));
            laptop.disconnect();
            cluster.advance(SECOND);

            List<String> written = Stream.of("/", "realtime:users")
                    .flatMap(log -> cluster.backend().entries(log).stream())
                    .map(PlacedEntry::toString)
                    .toList();
            assertThat(written)
                    .anyMatch(entry -> entry.contains("login"))
                    .noneMatch(entry -> entry.contains(first) || entry.contains(second));
        }
    }
}
