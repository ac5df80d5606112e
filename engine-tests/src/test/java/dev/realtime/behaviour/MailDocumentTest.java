package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Namespace;
import dev.realtime.mail.MailMessage;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/mail.md shows compiles, and does what it says. */
class MailDocumentTest {
    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = words(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameMail.java")));
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/mail.md")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .reduce("", String::concat);
        for (String method : shown.split("\n\n|\n(?=import )")) {
            assertThat(code).contains(words(method));
        }
    }

    private static String words(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void whatIsWrittenWhileNobodyIsThereIsReadLater() {
        try (TestCluster cluster = TestCluster.of(2, GameMail::game).start()) {
            TestClient ann = cluster.connect(0, "/", "ann");
            Namespace game = cluster.node(0).namespace("/");
            cluster.await(GameMail.write(
                    game.find(ann.id()).orElseThrow(), "bob", new GameMail.Letter("Ann", "come home", "red")));
            cluster.await(GameMail.alarm(game, "bob", "keep"));
            assertThat(cluster.await(GameMail.inbox(cluster.node(1).namespace("/"), "bob")))
                    .extracting(MailMessage::type)
                    .containsExactly("guild", "notification");
            Postbox bob = Postbox.of(cluster, 1, "bob");
            cluster.advance(Duration.ofSeconds(1));
            assertThat(bob.messages().get(0).path("content").asText()).isEqualTo("come home");
            assertThat(bob.messages().get(0).path("sender_id").asText()).isEqualTo("ann");
            assertThat(bob.messages().get(0).path("sender_name").asText()).isEqualTo("Ann");
            assertThat(bob.messages().get(0).path("metadata").path("guild").asText())
                    .isEqualTo("red");
            assertThat(bob.messages().get(1).path("importance").asText()).isEqualTo("urgent");
            assertThat(bob.counts()).containsExactly(2);
        }
    }
}
