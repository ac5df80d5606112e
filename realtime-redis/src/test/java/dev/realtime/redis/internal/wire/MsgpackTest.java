package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.realtime.spi.EventData;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values in msgpack and in JSON, as JavaScript has them. */
class MsgpackTest {

    static Stream<Arguments> values() {
        return StreamSupport.stream(Upstream.FIXTURES.get("values").spliterator(), false)
                .map(value -> Arguments.of(
                        value.get("json").textValue(), value.get("msgpack").textValue()));
    }

    @ParameterizedTest
    @MethodSource("values")
    void msgpackOfNodeIsTheJsonOfNode(String json, String base64) throws BadWireException {
        JsonNode expected = Upstream.tree(json.replace("\\ud800", "\ufffd")); // half a character is none
        JsonNode actual = Upstream.tree(
                MsgpackValue.message(Base64.getDecoder().decode(base64)).json());
        if (expected.isNumber()) {
            assertThat(actual.doubleValue()).isEqualTo(expected.doubleValue());
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void jsonBecomesTheMsgpackOfNode(String json, String base64) {
        MsgpackWriter out = new MsgpackWriter();
        JsonToMsgpack.value(json, out);
        String ours = Base64.getEncoder().encodeToString(out.toByteArray());
        boolean onlyMsgpackKnows = json.equals("null") // also NaN
                || json.contains("T00:00:00.000Z")
                || json.contains("\\ud800")
                || json.matches("\"[+\\d].*Z\"")
                || json.equals("9007199254740992"); // a long here, a double there
        if (!onlyMsgpackKnows) {
            assertThat(ours).isEqualTo(base64);
        }
    }

    @Test
    void largeContainersAndStringsKeepTheirSize() throws BadWireException {
        for (int size : new int[] {15, 16, 255, 256, 65_535, 65_536}) {
            String array = "[" + "1,".repeat(size - 1) + "2]";
            String map = "{"
                    + String.join(
                            ",",
                            java.util.stream.IntStream.range(0, size)
                                    .mapToObj(i -> "\"k" + i + "\":[]")
                                    .toList())
                    + "}";
            String text = "\"" + "x".repeat(size) + "\"";
            for (String json : List.of(array, map, text)) {
                MsgpackWriter out = new MsgpackWriter();
                JsonToMsgpack.value("[" + json + ",7]", out);
                assertThat(MsgpackValue.message(out.toByteArray()).json()).isEqualTo("[" + json + ",7]");
            }
        }
    }

    @Test
    void longsKeepAllTheirDigitsBetweenNodesOfTheLibrary() throws BadWireException {
        for (String number : List.of("9223372036854775807", "-9223372036854775808", "9007199254740993")) {
            MsgpackWriter out = new MsgpackWriter();
            JsonToMsgpack.value(number, out);
            assertThat(MsgpackValue.message(out.toByteArray()).json()).isEqualTo(number);
        }
    }

    @Test
    void theFirstArgumentOfAnAnswerStandsByItself() throws BadWireException {
        assertThat(first("[]")).isEqualTo("[null]");
        assertThat(first("[{\"a\":1},2]")).isEqualTo("[{\"a\":1}]");
    }

    private static String first(String arguments) throws BadWireException {
        MsgpackWriter out = new MsgpackWriter();
        int mark = out.open();
        out.closeMap(mark, JsonToMsgpack.answer(new EventData(arguments.getBytes(UTF_8), List.of()), out));
        MsgpackValue packet = MsgpackValue.message(out.toByteArray()).members().get("packet");
        return new String(packet.argument().json(), UTF_8);
    }

    @Test
    void hostileLengthsReserveNothing() {
        for (String hex : List.of(
                "dd7fffffff",
                "ddffffffff",
                "df7fffffff",
                "dfffffffff",
                "c67fffffff",
                "db7fffffff",
                "c1",
                "",
                "c97fffffff05",
                "dd7fffffffdd7fffffffdd7fffffff")) {
            byte[] hostile = java.util.HexFormat.of().parseHex(hex);
            assertThatThrownBy(() -> MsgpackValue.message(hostile).elements()).isInstanceOf(BadWireException.class);
        }
    }

    @Test
    void whatJsonDoesNotKnowIsRefused() {
        for (String hex : List.of("8101c0", "d40500", "81c0c0", "c0c0")) {
            byte[] bytes = java.util.HexFormat.of().parseHex(hex);
            assertThatThrownBy(() -> MsgpackValue.message(bytes).json()).isInstanceOf(BadWireException.class);
        }
    }
}
