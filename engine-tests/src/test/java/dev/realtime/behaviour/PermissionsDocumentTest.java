package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.RoomKey;
import dev.realtime.Session;
import dev.realtime.behaviour.Game.Text;
import dev.realtime.behaviour.GamePermissions.Account;
import dev.realtime.behaviour.GamePermissions.Accounts;
import dev.realtime.testkit.ClientOptions;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/permissions.md shows compiles, and does what it says. */
class PermissionsDocumentTest {
    private final Map<String, Account> known = new HashMap<>(Map.of(
            "ann", new Account("ann", true, Set.of("vip"), Set.of("Brakka"), Set.of("owls")),
            "bob", new Account("bob", true, Set.of(), Set.of("Tamsin"), Set.of()),
            "eve", new Account("eve", false, Set.of(), Set.of("Nix"), Set.of())));

    private final Accounts accounts = new Accounts() {
        @Override
        public Optional<Account> ofToken(String token) {
            return find(token);
        }

        @Override
        public Optional<Account> find(String id) {
            return Optional.ofNullable(known.get(id));
        }
    };

    @RegisterExtension
    final TestRealtime realtime =
            TestRealtime.of(() -> GamePermissions.game(accounts)).keepAuthenticator();

    private TestClient show(String token, String character) {
        TestClient client = realtime.client().connect("/");
        client.askRaw("authenticate", Map.of("token", token, "character", character))
                .answer();
        return client;
    }

    private Session session(TestClient client) {
        return Game.session(realtime, client);
    }

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GamePermissions.java")));
        var shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/permissions.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(shown).hasSize(3);
        assertThat(String.join("\n\n", shown).split("\n\n|\n(?=import )"))
                .allSatisfy(part -> assertThat(code).contains(words(part)));
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void eachCheckHasItsSentence() {
        assertThat(refusal(Map.of("token", "nobody", "character", "Nix"))).isEqualTo("Invalid or unverified user");
        assertThat(refusal(Map.of("token", "eve", "character", "Nix"))).isEqualTo("Invalid or unverified user");
        assertThat(refusal(Map.of("token", "bob", "character", "Brakka"))).isEqualTo("Invalid character");
    }

    private String refusal(Map<String, String> shown) {
        ClientOptions client = realtime.client();
        shown.forEach(client::auth);
        return client.connect("/").connectError().orElseThrow().message();
    }

    @Test
    void whoShowsNothingInTimeIsDisconnected() {
        TestClient stranger = realtime.client().connect("/");
        realtime.advance(Duration.ofSeconds(11));
        assertThat(stranger.isConnected()).isFalse();
    }

    @Test
    void everybodyWhoIsSomebodyIsWelcomedOnce() {
        TestClient ann = show("ann", "Brakka");
        TestClient bob = realtime.client()
                .auth("token", "bob")
                .auth("character", "Tamsin")
                .connect("/");
        TestClient stranger = realtime.client().connect("/");
        assertThat(session(ann).rooms()).contains(RoomKey.parse("chat:global"));
        assertThat(session(bob).rooms()).contains(RoomKey.parse("chat:global"));
        assertThat(session(stranger).rooms()).isEmpty();
    }

    @Test
    void aPermissionIsNeededForWhatSaysSo() {
        TestClient ann = show("ann", "Brakka");
        TestClient bob = show("bob", "Tamsin");
        assertThat(bob.ask(GamePermissions.SHOUT, new Text("hey")).errorCode()).isEqualTo("forbidden");
        ann.ask(GamePermissions.SHOUT, new Text("hello")).value();
        assertThat(bob.next(GamePermissions.SHOUT).text()).isEqualTo("hello");
    }

    @Test
    void aRoomIsForThoseWhomItsRuleLetsIn() {
        TestClient ann = show("ann", "Brakka");
        TestClient bob = show("bob", "Tamsin");
        ann.ask(GamePermissions.JOIN, new Text("owls")).value();
        assertThat(bob.ask(GamePermissions.JOIN, new Text("owls")).errorCode()).isEqualTo("forbidden");
        assertThat(session(ann).rooms()).contains(GamePermissions.GUILD.of("owls"));
        assertThat(session(bob).rooms()).doesNotContain(GamePermissions.GUILD.of("owls"));
    }

    @Test
    void whatAnAccountHasLostIsLostWithinThePeriod() {
        TestClient ann = show("ann", "Brakka");
        ann.ask(GamePermissions.JOIN, new Text("owls")).value();
        known.put("ann", new Account("ann", true, Set.of(), Set.of("Brakka"), Set.of()));
        realtime.advance(Duration.ofMinutes(6));
        assertThat(ann.next(GamePermissions.LOST).text()).isEqualTo("guild:owls");
        known.remove("ann");
        realtime.advance(Duration.ofMinutes(6));
        assertThat(ann.isConnected()).isFalse();
    }
}
