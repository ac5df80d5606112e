package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/payloads.md shows compiles, and its payloads are what it says. */
class PayloadsDocumentTest {
    private static final Map<String, Object> LOBBY =
            Map.of("name", "red", "opened", "2026-01-02T03:04:05Z", "icon", "AQI=", "colour", "unknown here");

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(PayloadsExamples::lobbies);

    @Test
    void textIsTakenForBytesAndWhatIsUnknownIsIgnored() {
        TestClient ann = realtime.connect("/", "ann");

        ann.askRaw("lobby:open", LOBBY).value();

        assertThat(ann.next(PayloadsExamples.SHOWN).icon()).containsExactly(1, 2);
    }

    @Test
    void anEmptyOptionalLeavesAsNull() {
        TestClient ann = realtime.connect("/", "ann");

        ann.askRaw("lobby:open", LOBBY).value();

        JsonNode shown = ann.nextRaw("lobby:shown").arguments().get(0);
        assertThat(shown.get("motto").isNull()).isTrue();
        assertThat(shown.has("colour")).isFalse();
        assertThat(shown.get("icon").isBinary()).isTrue();
    }

    @Test
    void whatIsRequiredIsRequired() {
        TestClient ann = realtime.connect("/", "ann");

        assertThat(ann.askRaw("lobby:open", Map.of("name", "red")).errorCode()).isEqualTo("invalid_payload");
    }

    @Test
    void aRequestMayHaveNoPayload() {
        TestClient ann = realtime.connect("/", "ann");

        assertThat(ann.ask(PayloadsExamples.COUNT, null).value()).isEqualTo(3);
    }

    @Test
    void theDocumentShowsTheCodeThatRunsHere() throws IOException {
        String code =
                unindented(Files.readString(Path.of("src/test/java/dev/realtime/behaviour/PayloadsExamples.java")));
        List<String> shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/payloads.md")))
                .results()
                .map((MatchResult block) -> unindented(block.group(1)))
                .toList();
        assertThat(shown).hasSize(2);
        assertThat(shown).allSatisfy(snippet -> assertThat(code).contains(snippet.split("\n\n|\n(?=import )")));
    }

    private static String unindented(String code) {
        return code.replaceAll("(?m)^ +", "");
    }
}
