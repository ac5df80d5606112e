package dev.realtime.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec.DecodeException;
import dev.realtime.spi.JsonCodec.EncodeException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecTest {

    record Chat(String text) {}

    record Point(double x, float y, int z) {}

    record Path(String name, List<Point> points) {}

    enum Side {
        LEFT,
        RIGHT
    }

    @SuppressWarnings("ArrayRecordComponent") // what an application would write
    record Upload(
            @Nullable String name,
            byte @Nullable [] data,
            @Nullable ByteBuffer more) {}

    record Boxes(
            @Nullable Double number,
            @Nullable Integer whole,
            @Nullable Side side,
            @Nullable Boolean flag) {}

    record Times(Instant at, Duration length) {}

    record Bag(Map<String, Object> any, @Nullable JsonNode tree) {}

    record Picky(int bet) {
        Picky {
            if (bet < 1) {
                throw new IllegalArgumentException("bet of " + bet);
            }
        }
    }

    private static final byte[] A = {1, 2, 3};
    private static final byte[] B = {4, 5};
    private static final String FIRST = "{\"_placeholder\":true,\"num\":0}";
    private static final String SECOND = "{\"num\":1,\"_placeholder\":true}";

    private final JacksonCodec codec = new JacksonCodec(16);

    @Test
    void encodesAnEventAndItsArguments() {
        assertThat(json(codec.encode("say", Arrays.asList(new Chat("hé😀"), 1, null, true, List.of("a")))))
                .isEqualTo("[\"say\",{\"text\":\"hé😀\"},1,null,true,[\"a\"]]");
        assertThat(json(codec.encode("say", List.of()))).isEqualTo("[\"say\"]");
        assertThat(codec.encode("say", List.of()).attachments()).isEmpty();
    }

    @Test
    void encodesAnAcknowledgementWithoutAName() {
        assertThat(json(codec.encode(null, List.of()))).isEqualTo("[]");
        assertThat(json(codec.encode(null, List.of(new Chat("a"), 2)))).isEqualTo("[{\"text\":\"a\"},2]");
    }

    @Test
    void liftsBinaryValuesOutOfThePayload() {
        ByteBuffer middle = ByteBuffer.wrap(new byte[] {9, 4, 5, 9}, 1, 2);
        ByteBuffer direct = ByteBuffer.allocateDirect(2).put(B).flip();
        EventData data = codec.encode(
                "up",
                List.of(A, new Upload("n", B, middle), Map.of("k", direct), JsonNodeFactory.instance.binaryNode(A)));
        assertThat(json(data))
                .isEqualTo("[\"up\"," + placeholder(0) + ",{\"name\":\"n\",\"data\":" + placeholder(1) + ",\"more\":"
                        + placeholder(2) + "},{\"k\":" + placeholder(3) + "}," + placeholder(4) + "]");
        assertThat(data.attachments()).containsExactly(A, B, B, B, A);
    }

    @Test
    void anApplicationMayReuseItsBuffer() {
        byte[] buffer = {1};
        EventData data = codec.encode("up", List.of(buffer));
        buffer[0] = 2;
        assertThat(data.attachments()).containsExactly(new byte[] {1});
    }

    @Test
    void writesWhatJavaScriptWouldWriteForNumbersJsonCannotHold() {
        assertThat(json(codec.encode(
                        null, List.of(new Point(Double.NaN, Float.POSITIVE_INFINITY, 1), Double.NEGATIVE_INFINITY))))
                .isEqualTo("[{\"x\":null,\"y\":null,\"z\":1},null]");
    }

    @Test
    void halfAPairLeavesAsTheReplacementCharacter() {
        String far = "x".repeat(20_000);
        assertThat(json(codec.encode(
                        "a\ud83d", List.of(new Chat("\ude00b\\ud83d"), "\ud83d\ud83d\ude00", far + "\ud83d"))))
                .isEqualTo("[\"a\\ufffd\",{\"text\":\"\\ufffdb\\\\ud83d\"},\"\\ufffd😀\",\"" + far + "\\ufffd\"]");
    }

    @Test
    void aWholePairThatWasEscapedStays() {
        assertThat(json(codec.encode(null, List.of(new RawValue("\"\\ud83d\\ude00\\ude00\"")))))
                .isEqualTo("[\"😀\\ufffd\"]"); // raw text is parsed and written anew
    }

    @Test
    void pairsStayWholeWhereverTheBuffersEnd() {
        for (int i = 3980; i < 4010; i++) {
            String text = "x".repeat(i) + "😀".repeat(5000);
            assertThat(codec.decode(
                            json(codec.encode(null, List.of(text))).substring(1).replaceAll("]$", ""),
                            List.of(),
                            String.class))
                    .isEqualTo(text);
        }
    }

    @Test
    void saysWhichEventCannotBeEncoded() {
        List<Object> loop = new java.util.ArrayList<>();
        loop.add(loop);
        assertThatThrownBy(() -> codec.encode("say", loop))
                .isInstanceOf(EncodeException.class)
                .hasMessageContaining("event say");
    }

    @Test
    void bindsRecords() {
        assertThat(decode(
                        "{\"name\":\"p\",\"points\":[{\"x\":1,\"y\":2.5,\"z\":3}],\"newer\":{\"a\":[1]}}", Path.class))
                .isEqualTo(new Path("p", List.of(new Point(1, 2.5f, 3))));
        assertThat(decode("null", Chat.class)).isNull();
        assertThat(decode(" 5 ", int.class)).isEqualTo(5);
        assertThat(decode("{\"number\":1.5,\"whole\":2,\"side\":\"LEFT\",\"flag\":true}", Boxes.class))
                .isEqualTo(new Boxes(1.5, 2, Side.LEFT, true));
        assertThat(decode("{\"number\":null}", Boxes.class)).isEqualTo(new Boxes(null, null, null, null));
        assertThat(decode("1.10", BigDecimal.class)).isEqualTo(new BigDecimal("1.10"));
    }

    @Test
    void primitivesMustBeThereAndBoxesNeedNot() {
        assertThat(message("{\"y\":1,\"z\":1}", Point.class)).isEqualTo("x must be a number in range");
        assertThat(message("{\"x\":1,\"y\":1}", Point.class)).isEqualTo("z must be an integer in range");
        assertThat(decode("{}", Boxes.class)).isEqualTo(new Boxes(null, null, null, null));
    }

    @Test
    void timesAreIso8601() {
        Times times = new Times(Instant.parse("2026-01-02T03:04:05.006Z"), Duration.ofMillis(1500));
        String text = json(codec.encode(null, List.of(times)));
        assertThat(text).isEqualTo("[{\"at\":\"2026-01-02T03:04:05.006Z\",\"length\":\"PT1.5S\"}]");
        assertThat(decode(text.substring(1, text.length() - 1), Times.class)).isEqualTo(times);
        assertThat(message("{\"at\":\"now\"}", Times.class)).isEqualTo("at must be an ISO-8601 Instant");
        assertThat(message("{\"length\":5}", Times.class)).isEqualTo("length must be an ISO-8601 Duration");
    }

    @ParameterizedTest(name = "{0} into {1} component")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"x\":\"1\"}      | x must be a number in range",
                "{\"x\":\"NaN\"}    | x must be a number in range",
                "{\"x\":\"\"}       | x must be a number in range",
                "{\"x\":null}       | x must be a number in range",
                "{\"x\":true}       | x must be a number in range",
                "{\"x\":[1]}        | x must be a number in range",
                "{\"x\":1e999}      | x must be a number in range",
                "{\"y\":1e39}       | y must be a number in range",
                "{\"y\":\"Infinity\"}| y must be a number in range",
                "{\"z\":1.5}        | z must be an integer in range",
                "{\"z\":\"7\"}      | z must be an integer in range",
                "{\"z\":null}       | z must be an integer in range",
                "{\"z\":2147483648} | z must be an integer in range",
                "[]                 | the payload must be an object",
                "5                  | the payload must be an object",
                "\"\"               | the payload must be an object",
            })
    void numbersAreNumbersAndFinite(String text, String message) {
        assertThat(message(text, Point.class)).isEqualTo(message);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"{\"text\":1}", "{\"text\":true}", "{\"text\":1.5}", "{\"text\":{}}", "{\"text\":[\"a\"]}"})
    void stringsAreStrings(String text) {
        assertThat(message(text, Chat.class)).isEqualTo("text must be a string");
    }

    @Test
    void enumsAreTheirNames() {
        assertThat(message("{\"side\":0}", Boxes.class)).isEqualTo("side is not valid");
        assertThat(message("{\"side\":\"UP\"}", Boxes.class)).isEqualTo("side is not valid");
        assertThat(message("{\"flag\":1}", Boxes.class)).isEqualTo("flag must be true or false");
        assertThat(message("{\"whole\":\"1\"}", Boxes.class)).isEqualTo("whole must be an integer in range");
        assertThat(message("{\"number\":\"NaN\"}", Boxes.class)).isEqualTo("number must be a number in range");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"text\":\"a\",\"text\":\"b\"}",
                "{\"text\":\"a\"}{}",
                "{\"text\":\"a\"} x",
                "{'text':'a'}",
                "{\"other\":{\"a\":1,\"a\":2}}",
                "nul",
                "{\"other\":NaN}"
            })
    void refusesTextThatIsNotOneStrictValue(String text) {
        assertThat(message(text, Chat.class)).startsWith("the payload");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        assertThat(decode("[".repeat(16) + "]".repeat(16), Object.class)).isNotNull();
        assertThat(message("[".repeat(17) + "]".repeat(17), Object.class)).isEqualTo("the payload exceeds a limit");
        assertThat(message("99999999999", int.class)).isEqualTo("the payload must be an integer in range");
        assertThat(message("1".repeat(101), BigDecimal.class)).isEqualTo("the payload exceeds a limit");
        assertThat(message("{\"any\":{\"a\":" + "1".repeat(101) + "}}", Bag.class))
                .contains("exceeds a limit");
    }

    @Test
    void aRecordThatRefusesItsValueIsABadPayload() {
        assertThat(message("{\"bet\":-5}", Picky.class)).isEqualTo("the payload is not valid");
    }

    @Test
    void readsAttachmentsWhereverTheyStand() {
        List<byte[]> attachments = List.of(A, B);
        assertThat((byte[]) codec.decode(FIRST, attachments, byte[].class)).isSameAs(A);
        assertThat(codec.decode(SECOND, attachments, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(B));
        Upload upload = (Upload) codec.decode(
                "{\"more\": { \"_placeholder\" : true , \"num\" : 0 } ,\"data\":" + SECOND + ",\"name\":\"n\"}",
                attachments,
                Upload.class);
        assertThat(upload).isNotNull();
        assertThat(upload.name()).isEqualTo("n");
        assertThat(upload.data()).isSameAs(B);
        assertThat(upload.more()).isEqualTo(ByteBuffer.wrap(A));
        assertThat(codec.decode("[" + FIRST + ",{\"a\":" + SECOND + "}]", attachments, Object.class))
                .isEqualTo(List.of(A, Map.of("a", B)));
        Bag bag = (Bag) codec.decode(
                "{\"tree\":{\"a\":[" + FIRST + "]},\"any\":{\"b\":" + SECOND + ",\"c\":1}}", attachments, Bag.class);
        assertThat(bag).isNotNull();
        assertThat(bag.any()).containsEntry("b", B).containsEntry("c", 1);
        assertThat(bag.tree())
                .isEqualTo(JsonNodeFactory.instance
                        .objectNode()
                        .set("a", JsonNodeFactory.instance.arrayNode().add(A)));
    }

    @Test
    void findsPlaceholdersInLongText() {
        String text = "{\"name\":\"" + "é".repeat(100_000) + "\",\"data\":" + FIRST + ",\"more\":" + SECOND + "}";
        Upload upload = (Upload) codec.decode(text, List.of(A, B), Upload.class);
        assertThat(upload).isNotNull();
        assertThat(upload.data()).isSameAs(A);
        assertThat(upload.more()).isEqualTo(ByteBuffer.wrap(B));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"2", "-1", "99999999999999999999", "2147483648", "4294967296"})
    void refusesPlaceholdersOutOfRange(String num) {
        String placeholder = "{\"_placeholder\":true,\"num\":" + num + "}";
        for (Type type : List.of(byte[].class, Object.class, JsonNode.class, Map.class)) {
            assertThat(message(placeholder, List.of(A, B), type)).isEqualTo("a placeholder points to no attachment");
        }
        assertThat(message("{\"data\":" + placeholder + "}", List.of(A, B), Upload.class))
                .isEqualTo("a placeholder points to no attachment");
        assertThat(message("{\"unknown\":" + placeholder + "}", List.of(A, B), Chat.class))
                .isEqualTo("a placeholder points to no attachment");
    }

    @Test
    void anAttachmentIsNothingButBinary() {
        assertThat(message(FIRST, List.of(A), Chat.class)).isEqualTo("the payload must be an object");
        assertThat(message("{\"x\":" + FIRST + "}", List.of(A), Point.class)).isEqualTo("x must be a number in range");
        assertThat(message("{\"data\":" + FIRST + "}", Upload.class)).isEqualTo("data must be binary data");
        assertThat(message("{\"data\":{\"_placeholder\":false,\"num\":0}}", List.of(A), Upload.class))
                .isEqualTo("data must be binary data");
    }

    @Test
    void base64AndAttachmentsStandForEachOther() {
        Upload upload = (Upload) decode("{\"data\":\"AQID\"}", Upload.class);
        assertThat(upload).isNotNull();
        assertThat(upload.data()).containsExactly(A);
        assertThat(codec.decode("{\"text\":" + FIRST + "}", List.of(A), Chat.class))
                .isEqualTo(new Chat("AQID"));
        assertThat(message("{\"data\":\"!!\"}", Upload.class)).isEqualTo("data must be binary data");
    }

    @Test
    void keysThatMeanSomethingElsewhereMeanNothingHere() {
        String hostile =
                "{\"__proto__\":{\"admin\":true},\"constructor\":{\"prototype\":1},\"@class\":\"java.lang.Runtime\",\"text\":\"a\"}";
        assertThat(decode(hostile, Chat.class)).isEqualTo(new Chat("a"));
        assertThat(decode(hostile, Object.class))
                .isEqualTo(Map.of(
                        "__proto__",
                        Map.of("admin", true),
                        "constructor",
                        Map.of("prototype", 1),
                        "@class",
                        "java.lang.Runtime",
                        "text",
                        "a"));
    }

    @Test
    void messagesRepeatNothingOfTheClient() {
        String key = "k\\r\\nSECRET<" + "y".repeat(500);
        DecodeException bad = catchThrowableOfType(
                DecodeException.class,
                () -> codec.decode("{\"" + key + "\":\"SECRETVALUE\"}", List.of(), mapOf(Integer.class)));
        assertThat(bad.getMessage())
                .hasSizeLessThan(120)
                .startsWith("k??SECRET?")
                .doesNotContain("VALUE");
        assertThat(bad.getCause()).isNull();
        assertThat(message("{\"text\":SECRETVALUE}", Chat.class)).doesNotContain("SECRET");
    }

    @Test
    void aTypeJacksonCannotBuildIsTheServersFault() {
        assertThatThrownBy(() -> decode("{}", Runnable.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("java.lang.Runnable")
                .hasCauseInstanceOf(com.fasterxml.jackson.databind.exc.InvalidDefinitionException.class);
    }

    private static Type mapOf(Class<?> value) {
        return com.fasterxml.jackson.databind.type.TypeFactory.defaultInstance()
                .constructMapType(Map.class, String.class, value);
    }

    private @Nullable Object decode(String json, Type type) {
        return codec.decode(json, Collections.emptyList(), type);
    }

    private String message(String json, Type type) {
        return message(json, List.of(), type);
    }

    private String message(String json, List<byte[]> attachments, Type type) {
        DecodeException bad = catchThrowableOfType(DecodeException.class, () -> codec.decode(json, attachments, type));
        assertThat(bad).as("refused: %s", json).isNotNull();
        return String.valueOf(bad.getMessage());
    }

    private static String placeholder(int num) {
        return "{\"_placeholder\":true,\"num\":" + num + "}";
    }

    private static String json(EventData data) {
        return new String(data.json(), UTF_8);
    }
}
