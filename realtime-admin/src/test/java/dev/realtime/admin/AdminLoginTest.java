package dev.realtime.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Realtime;
import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.ClientOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is an administrator. */
class AdminLoginTest {
    /** Of 80 letters x. */
    private static final String LONG = "$2a$04$mgXWN9rizEeECKXJmZzs6.4MgpJahPjCtwIhwzlU/5JjEdNrh/htu";

    private AdminOptions options =
            AdminOptions.basic("admin", AdminPageTest.HASH).maxAdmins(2);

    @RegisterExtension
    final TestCluster cluster = TestCluster.of(2, this::builder);

    private RealtimeBuilder builder() {
        RealtimeBuilder builder = Realtime.builder().namespace("/", game -> game.allowAnonymous());
        AdminPage.addTo(builder, options);
        return builder;
    }

    private TestClient come(int node, String name, String password) {
        return cluster.client(node)
                .auth("username", name)
                .auth("password", password)
                .connect("/admin");
    }

    private static String words(TestClient client) {
        return client.connectError().orElseThrow().message();
    }

    @Test
    void whoHasNameAndPasswordMayIn() {
        assertThat(come(0, "admin", "secret").isConnected()).isTrue();
    }

    @Test
    void othersHearTheWordsThatTheUiKnows() {
        assertThat(words(come(0, "admin", "Secret"))).isEqualTo("invalid credentials");
        assertThat(words(come(0, "Admin", "secret"))).isEqualTo("invalid credentials");
        assertThat(words(come(0, "admin", ""))).isEqualTo("invalid credentials");
        assertThat(words(cluster.client(0).connect("/admin"))).isEqualTo("invalid credentials");
        assertThat(words(cluster.connect(0, "/admin", "admin"))).isEqualTo("invalid credentials");
        assertThat(words(cluster.client(0).auth("password", 7).connect("/admin")))
                .isEqualTo("invalid credentials");
    }

    @Test
    void aUserOfTheGameIsNoAdministratorAndTheOtherWayRound() {
        TestClient admin = come(0, "admin", "secret");
        assertThat(cluster.node(0)
                        .namespace("/admin")
                        .find(admin.id())
                        .orElseThrow()
                        .principal()
                        .anonymous())
                .isTrue();
    }

    @Test
    void aTokenIsGoodOnAllNodesForADay() {
        TestClient admin = come(0, "admin", "secret");
        String token = admin.nextRaw("session").arguments().get(0).asText();
        assertThat(token).matches("[0-9a-f]{32}");
        admin.disconnect();
        cluster.settle();
        TestClient again = cluster.client(1).auth("sessionId", token).connect("/admin");
        assertThat(again.isConnected()).isTrue();
        assertThat(again.received().toString()).doesNotContain("session");
        again.disconnect();
        assertThat(words(cluster.client(1)
                        .auth("sessionId", token.replace('a', 'b') + "0")
                        .connect("/admin")))
                .isEqualTo("invalid credentials");
        cluster.advance(Duration.ofHours(24));
        assertThat(words(cluster.client(1).auth("sessionId", token).connect("/admin")))
                .isEqualTo("invalid credentials");
    }

    @Test
    void aTokenIsNotMadeAnotherOfWithoutThePassword() {
        TestClient admin = come(0, "admin", "secret");
        String token = admin.nextRaw("session").arguments().get(0).asText();
        TestClient again = cluster.client(0)
                .auth("sessionId", token)
                .auth("username", "admin")
                .auth("password", "guess")
                .connect("/admin");
        assertThat(again.isConnected()).isTrue();
        cluster.settle();
        assertThat(again.received()).noneMatch(event -> event.name().equals("session"));
    }

    @Test
    void aTokenThatAnOldPasswordGaveIsNotGoodForANewOne() {
        TestClient admin = come(0, "admin", "secret");
        String token = admin.nextRaw("session").arguments().get(0).asText();
        admin.disconnect();
        options = AdminOptions.basic("admin", LONG);
        cluster.node(1).close();
        cluster.node(1).restart(); // the others follow one by one, and tell it of their tokens meanwhile
        cluster.settle();
        TestClient old = come(0, "admin", "secret");
        String late = old.nextRaw("session").arguments().get(0).asText();
        cluster.settle();
        assertThat(words(cluster.client(1).auth("sessionId", token).connect("/admin")))
                .isEqualTo("invalid credentials");
        assertThat(words(cluster.client(1).auth("sessionId", late).connect("/admin")))
                .isEqualTo("invalid credentials");
    }

    @Test
    void whatIsNoDigestTakesNoRoom() {
        LoginTokens tokens = new LoginTokens(options);
        String token = tokens.make();
        tokens.add(tokens.digest(token), 0);
        for (int i = 0; i < 2_000; i++) {
            tokens.add("x".repeat(100) + i, 0);
        }
        assertThat(tokens.isGood(token, 1)).isTrue();
    }

    @Test
    void guessesAreFewAndCostOthersNothing() {
        ClientOptions guesser =
                cluster.client(0).from("10.0.0.1").auth("username", "admin").auth("password", "guess");
        for (int i = 0; i < LoginAttempts.OF_ONE_ADDRESS; i++) {
            assertThat(words(guesser.connect("/admin"))).isEqualTo("invalid credentials");
        }
        assertThat(guesser.connect("/admin").connectError().orElseThrow().code())
                .isEqualTo("rate_limited");
        assertThat(cluster.client(0)
                        .from("10.0.0.1")
                        .auth("username", "admin")
                        .auth("password", "secret")
                        .connect("/admin")
                        .isConnected())
                .isFalse();
        assertThat(come(0, "admin", "secret").isConnected()).isTrue();
        cluster.advance(Duration.ofMinutes(1));
        assertThat(words(guesser.connect("/admin"))).isEqualTo("invalid credentials");
    }

    @Test
    void guessesOfManyAddressesAreFewToo() {
        LoginAttempts attempts = new LoginAttempts();
        for (int i = 0; i < LoginAttempts.OF_ALL; i++) {
            assertThat(attempts.begin("10.0.0." + i, i)).isTrue();
        }
        assertThat(attempts.begin("10.0.1.1", 100)).isFalse();
        attempts.succeeded("10.0.0.7", 7);
        assertThat(attempts.begin("10.0.1.1", 100)).isTrue();
        assertThat(attempts.begin("10.0.1.1", 60_000)).isTrue();
    }

    @Test
    void thereIsRoomForSoManyAdministrators() {
        come(0, "admin", "secret");
        TestClient second = come(0, "admin", "secret");
        assertThat(come(0, "admin", "secret").connectError().orElseThrow().code())
                .isEqualTo("overloaded");
        second.disconnect();
        assertThat(come(0, "admin", "secret").isConnected()).isTrue();
    }

    @Test
    void whoComesBackHasNoSecondPlace() {
        TestClient first = come(0, "admin", "secret");
        for (int i = 0; i < 3; i++) {
            first.dropConnection();
            first.reconnect();
            assertThat(first.isConnected()).isTrue();
        }
        assertThat(come(0, "admin", "secret").isConnected()).isTrue();
    }

    @Test
    void whoWantsNoPasswordHasNone() {
        options = AdminOptions.withoutAuthentication();
        cluster.node(0).close();
        cluster.node(0).restart();
        TestClient admin = cluster.client(0).connect("/admin");
        assertThat(admin.isConnected()).isTrue();
        cluster.settle();
        assertThat(admin.received().toString()).doesNotContain("name=session,");
    }

    @Test
    void hashesOfAllProgramsAreKnown() {
        for (String version : new String[] {"$2a", "$2b", "$2y"}) {
            assertThat(new PasswordHash(version + AdminPageTest.HASH.substring(3)).matches("secret"))
                    .isTrue();
        }
        assertThat(new PasswordHash(LONG).matches("x".repeat(80))).isTrue();
        assertThat(new PasswordHash(LONG).matches("x".repeat(71))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "secret", "$2b$12$short", "$2b$31$QZBPKhrlBCQCxBC6FLWaveLMqEidSpJAzTuxa3PUQYNjIy7bExfBW"})
    void whatIsNoHashIsRefusedAtOnceAndNotShown(String hash) {
        assertThatThrownBy(() -> AdminOptions.basic("admin", hash))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("passwordHash")
                .satisfies(e -> assertThat(hash.isEmpty() || !e.getMessage().contains(hash))
                        .isTrue());
        assertThat(options).hasToString("administrators in /admin");
    }
}
