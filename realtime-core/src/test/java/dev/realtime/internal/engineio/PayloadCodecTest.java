package dev.realtime.internal.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.realtime.internal.engineio.BadPayloadException.Code;
import dev.realtime.spi.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {

    private final PayloadCodec codec = new PayloadCodec();

    @Test
    void readsThePayloadOfTheSpecification() {
        assertThat(texts("4hello\u001e2\u001e4world")).containsExactly("4hello", "2", "4world");
        assertThat(EnginePacketType.ofPacket("4hello")).isEqualTo(EnginePacketType.MESSAGE);
    }

    @Test
    void knowsEveryType() {
        assertThat(texts("0\u001e1\u001e2probe\u001e3\u001e4\u001e5\u001e6"))
                .extracting(EnginePacketType::ofPacket)
                .containsExactly(EnginePacketType.values());
    }

    @Test
    void readsBinaryMessages() {
        List<Frame> packets = DecodedBody.frames("4hello\u001ebAQIDBA==\u001eb");
        assertThat(packets.get(1).bytes()).containsExactly(1, 2, 3, 4);
        assertThat(packets.get(2).bytes()).isEmpty();
    }

    @Test
    void readsBase64ThatWasWrappedOrLeftUnpadded() {
        assertThat(PayloadCodec.binary("bAQID\r\nBA==\n")).containsExactly(1, 2, 3, 4);
        assertThat(PayloadCodec.binary("bAQIDBA")).containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"b!", "bAQI$", "bA", "bAQ=ID", "bAQIDBA=", "b AQID", "bAQI\u00e9", "bAQI\u0141", "b-_-_"})
    void refusesWhatIsNotBase64(String body) {
        assertThat(code(body)).isEqualTo(Code.BAD_BASE64);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "7", "a", "/", "B", "4a\u001e", "\u001e4a", "4a\u001e\u001e4b", " 4a", "4a\u001e9"})
    void refusesUnknownAndEmptyPackets(String body) {
        assertThat(code(body)).isEqualTo(Code.UNKNOWN_TYPE);
    }

    @Test
    void writesThePayloadOfTheSpecification() {
        byte[] body = codec.encode(List.of(
                Frame.text("4héllo".getBytes(UTF_8)),
                Frame.binary(new byte[] {1, 2, 3, 4}),
                Frame.text("2".getBytes(UTF_8)),
                Frame.binary(new byte[0])));
        assertThat(new String(body, UTF_8)).isEqualTo("4héllo\u001ebAQIDBA==\u001e2\u001eb");
    }

    @Test
    void writesNoEmptyPayload() {
        assertThatThrownBy(() -> codec.encode(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noMessageRepeatsTheText() {
        assertThatThrownBy(() -> DecodedBody.frames("bSECRET!")).hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> DecodedBody.frames("SECRET")).hasMessageNotContaining("SECRET");
    }

    private static List<String> texts(String body) {
        return DecodedBody.frames(body).stream()
                .map(frame -> new String(frame.bytes(), UTF_8))
                .toList();
    }

    private Code code(String body) {
        BadPayloadException bad = catchThrowableOfType(BadPayloadException.class, () -> DecodedBody.frames(body));
        assertThat(bad).as("refused: %s", body).isNotNull();
        return bad.code();
    }
}
