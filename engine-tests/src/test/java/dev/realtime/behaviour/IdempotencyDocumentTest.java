package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.behaviour.GameShop.Bought;
import dev.realtime.behaviour.GameShop.Buy;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/idempotency.md shows compiles and does what it says. */
class IdempotencyDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/idempotency.md");

    private final Map<String, Bought> done = new HashMap<>(); // by key
    private int coins = 1;

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> GameShop.game((user, buy, key) -> {
        if (coins == 0) {
            return null;
        }
        coins--;
        return done.computeIfAbsent(key, first -> new Bought(buy.item(), coins));
    }));

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code = unindented(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/GameShop.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult block) -> unindented(block.group(1)))
                .toList();
        assertThat(shown).hasSize(2);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }

    @Test
    void theShopSellsOnceAndRefusesTheSameAgain() {
        TestClient ann = realtime.connect("/", "ann");
        Bought rope = new Bought("rope", 0);
        assertThat(ann.request(GameShop.BUY, new Buy("1", "rope", 2))).isEqualTo(rope);
        assertThat(ann.request(GameShop.BUY, new Buy("1", "rope", 2))).isEqualTo(rope);
        assertThat(done).hasSize(1);
        assertThat(ann.ask(GameShop.BUY, new Buy("2", "net", 1)).errorCode()).isEqualTo("not_enough_coins");
        coins = 1;
        assertThat(ann.ask(GameShop.BUY, new Buy("2", "net", 1)).errorCode()).isEqualTo("not_enough_coins");
        assertThat(ann.request(GameShop.BUY, new Buy("3", "net", 1))).isEqualTo(new Bought("net", 0));
    }
}
