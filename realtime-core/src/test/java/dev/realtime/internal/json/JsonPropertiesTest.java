package dev.realtime.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.spi.EventData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class JsonPropertiesTest {

    private final JacksonCodec codec = new JacksonCodec(32);
    private final ObjectMapper jackson = new ObjectMapper();

    @Property
    void theScannerAgreesWithJackson(@ForAll("almostJson") String text) {
        JsonOracle.check(text, 8);
    }

    @Property
    void aQuotedStringReadsBack(@ForAll String text) throws JsonProcessingException {
        String json = new String(JsonStrings.quote(text), UTF_8);
        assertThat(new JsonScanner(1).value(json, 0)).isEqualTo(json.length());
        assertThat(jackson.readValue(json, String.class)).isEqualTo(LoneSurrogates.replace(text));
        assertThat(JsonSlices.unescape(json, 0, json.length())).isEqualTo(LoneSurrogates.replace(text));
    }

    @Property
    void valuesAndAttachmentsComeBack(@ForAll @Size(max = 4) List<byte[]> binaries, @ForAll String text) {
        Object value = Map.of("list", binaries, "text", text, "deep", List.of(Map.of("n", 1, "b", binaries)));
        EventData data = codec.encode(null, List.of(value));
        String json = new String(data.json(), UTF_8);
        Object read = codec.decode(json.substring(1, json.length() - 1), data.attachments(), Object.class);
        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(Map.of(
                        "list",
                        binaries,
                        "text",
                        LoneSurrogates.replace(text),
                        "deep",
                        List.of(Map.of("n", 1, "b", binaries))));
        assertThat(data.attachments()).hasSize(binaries.size() * 2);
    }

    @Provide
    Arbitrary<String> almostJson() {
        Arbitrary<String> scraps = Arbitraries.of(Arrays.asList(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"a\"",
                "\"",
                "\\",
                "\\u00e9",
                "\\ud83d",
                "1",
                "-0",
                "0",
                ".5",
                "e+3",
                "true",
                "null",
                "false",
                " ",
                "\n",
                "é",
                "{\"a\":1}",
                "[]",
                "{}",
                "[1,2]",
                "\"b\":"));
        return scraps.list().ofMaxSize(14).map(parts -> String.join("", parts));
    }
}
