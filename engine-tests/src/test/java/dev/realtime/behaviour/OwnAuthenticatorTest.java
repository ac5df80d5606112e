package dev.realtime.behaviour;

import static dev.realtime.behaviour.Game.ECHO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.ConnectRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Namespace;
import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A namespace for people who have other credentials, and what is added to an engine by its options. */
class OwnAuthenticatorTest {
    private final List<Realtime> started = new ArrayList<>();

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .namespace("/", game -> game.on(ECHO, (session, text) -> text))
            .namespace("/staff", staff -> staff.authenticator(OwnAuthenticatorTest::staff))
            .namespaces(name -> name.startsWith("/match-"), match -> {})
            .onStart(started::add));

    private static Optional<Principal> staff(Handshake handshake) {
        return Optional.of(
                handshake.auth("badge").map(Principal::of).orElseThrow(() -> new ConnectRefusedException("no badge")));
    }

    @Test
    void aNamespaceAsksItsOwnAuthenticator() {
        TestClient clerk = realtime.client().auth("badge", "b7").connect("/staff");
        assertThat(realtime.namespace("/staff")
                        .find(clerk.id())
                        .orElseThrow()
                        .principal()
                        .id())
                .isEqualTo("b7");
        TestClient player = realtime.client().user("ann").connect("/staff");
        assertThat(player.connectError().orElseThrow().message()).isEqualTo("no badge");
    }

    @Test
    void othersAskThatOfTheEngine() {
        assertThat(realtime.connect("/", "ann").isConnected()).isTrue();
        assertThat(realtime.client().auth("badge", "b7").connect("/").isConnected())
                .isFalse();
    }

    @Test
    void credentialsAreRenewedAtTheSame() {
        TestClient clerk = realtime.client().auth("badge", "b7").connect("/staff");
        clerk.emitRaw("auth:refresh", Map.of("user", "b7"));
        realtime.settle();
        assertThat(clerk.received())
                .anySatisfy(event -> assertThat(event.toString()).contains("no badge"));
    }

    @Test
    void theNamespacesOfANodeAreKnown() {
        assertThat(realtime.realtime().namespaces())
                .extracting(Namespace::name)
                .containsExactlyInAnyOrder("/", "/staff");
        realtime.connect("/match-7", "ann");
        assertThat(realtime.realtime().namespaces())
                .extracting(Namespace::name)
                .containsExactlyInAnyOrder("/", "/staff", "/match-7");
    }

    @Test
    void whatIsAddedByOptionsIsGivenTheEngine() {
        assertThat(started).containsExactly(realtime.realtime());
    }

    @Test
    void aStartThatFailsLeavesNoEngineBehind() {
        List<Realtime> ended = new ArrayList<>();
        assertThatThrownBy(() -> Realtime.builder()
                        .namespace("/", game -> {})
                        .onStart(ended::add)
                        .onStart(engine -> {
                            throw new IllegalStateException("no");
                        })
                        .build())
                .hasMessage("no");
        assertThat(ended.get(0).isOpen()).isFalse();
    }
}
