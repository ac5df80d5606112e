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
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
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

    @Property
    void placeholdersAreThoseOfTheTokens(
            @ForAll("placeholderJson") String text, @ForAll @IntRange(max = 3) int attachments) {
        JsonScanner scanner = new JsonScanner(10_000);
        assertThat(scanner.value(text, 0, attachments)).as(text).isEqualTo(text.length());
        assertThat(scanner.sawAllPlaceholders())
                .as("%s with %s attachments", text, attachments)
                .isEqualTo(PlaceholderOracle.areComplete(text, attachments));
    }

    @Property
    void loneSurrogatesAreReplacedWhereTheyStand(@ForAll("surrogates") String string) {
        String json = "[" + string + "," + string + "]";
        JsonScanner scanner = new JsonScanner(1);
        assertThat(scanner.value(json, 0)).isEqualTo(json.length());
        String text = JsonSlices.unescape(string, 0, string.length());
        String replaced = LoneSurrogates.replaceInJson(json);
        assertThat(scanner.sawLoneSurrogates())
                .isEqualTo(!LoneSurrogates.replace(text).equals(text));
        assertThat(replaced.equals(json)).isNotEqualTo(scanner.sawLoneSurrogates());
        assertThat(replaced).hasSameSizeAs(json);
        assertThat(JsonSlices.unescape(replaced, 1, string.length() + 1)).isEqualTo(LoneSurrogates.replace(text));
    }

    @Property
    void aStringIsUnescapedAsFarAsAsked(@ForAll("surrogates") String string, @ForAll @IntRange(max = 30) int limit) {
        String text = JsonSlices.unescape(string, 0, string.length());
        assertThat(JsonSlices.unescape(string, 0, string.length(), limit))
                .isEqualTo(text.substring(0, Math.min(limit, text.length())));
    }

    @Property
    void numbersAreThoseOfJava(
            @ForAll double number, @ForAll float single, @ForAll @LongRange(max = Long.MAX_VALUE) long digits) {
        for (String text : List.of(number + "", single + "", digits + "e-320", digits + "e-330", digits + ".5e289")) {
            if (Double.isFinite(Double.parseDouble(text))) {
                assertThat(codec.decode(text, List.of(), double.class)).isEqualTo(Double.parseDouble(text));
                assertThat(codec.decode("[" + text + "]", List.of(), Object.class))
                        .isEqualTo(List.of(Double.parseDouble(text)));
            }
        }
        assertThat(codec.decode(single + "", List.of(), float.class)).isEqualTo(single);
    }

    @Provide
    Arbitrary<String> surrogates() {
        return Arbitraries.of(
                        "a",
                        "\\\\",
                        "\\n",
                        "\\\"",
                        "\\u0041",
                        "\\uD83D",
                        "\\ude00",
                        "\ud83d",
                        "\ude00",
                        "\\\\ud83d",
                        "é",
                        "/")
                .list()
                .ofMaxSize(8)
                .map(parts -> '"' + String.join("", parts) + '"');
    }

    @Provide
    Arbitrary<String> placeholderJson() {
        Arbitrary<String> whole = Arbitraries.of(
                "{\"_placeholder\":true,\"num\":0}",
                "{\"num\":1,\"_placeholder\":true}",
                "{ \"_pl\\u0061ceholder\" : true ,\n\"n\\u0075m\" : 2 }",
                "{\"_placeholder\":true,\"num\":-0}",
                "{\"_placeholder\":true,\"num\":1234567890}");
        Arbitrary<String> scalar =
                Arbitraries.of("true", "false", "null", "0", "1", "-0", "-1", "0e0", "1.0", "\"\"", "{}", "[]");
        Arbitrary<String> name = Arbitraries.of(
                "_placeholder",
                "\\u005fplaceholder",
                "_placeholde",
                "_placeholder_",
                "num",
                "\\u006eum",
                "n",
                "\\n",
                "");
        return Arbitraries.lazyOf(
                () -> whole,
                () -> scalar,
                () -> array(placeholderJson()),
                () -> object(name, scalar),
                () -> object(name, placeholderJson()));
    }

    private static Arbitrary<String> array(Arbitrary<String> element) {
        return element.list().ofMaxSize(4).map(elements -> '[' + String.join(",", elements) + ']');
    }

    private static Arbitrary<String> object(Arbitrary<String> name, Arbitrary<String> value) {
        return Combinators.combine(name, value)
                .as((left, right) -> '"' + left + "\":" + right)
                .list()
                .ofMaxSize(3)
                .map(members -> '{' + String.join(",", members) + '}');
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
