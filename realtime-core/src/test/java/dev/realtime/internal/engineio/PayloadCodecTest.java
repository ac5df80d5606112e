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
        assertThat(codec.decode("4hello\u001e2\u001e4world"))
                .containsExactly(
                        new EnginePacket.Text(EnginePacketType.MESSAGE, "4hello"),
                        new EnginePacket.Text(EnginePacketType.PING, "2"),
                        new EnginePacket.Text(EnginePacketType.MESSAGE, "4world"));
    }

    @Test
    void knowsEveryType() {
        assertThat(new PayloadCodec().decode("0\u001e1\u001e2probe\u001e3\u001e4\u001e5\u001e6"))
                .extracting(packet -> ((EnginePacket.Text) packet).type())
                .containsExactly(EnginePacketType.values());
        assertThat(EnginePacket.text("2probe").data()).isEqualTo("probe");
        assertThat(EnginePacketType.NOOP.digit()).isEqualTo('6');
    }

    @Test
    void readsBinaryMessages() {
        List<EnginePacket> packets = codec.decode("4hello\u001ebAQIDBA==\u001eb");
        assertThat(bytes(packets.get(1))).containsExactly(1, 2, 3, 4);
        assertThat(bytes(packets.get(2))).isEmpty();
    }

    @Test
    void readsBase64ThatWasWrappedOrLeftUnpadded() {
        assertThat(bytes(codec.decode("bAQID\r\nBA==\n").get(0))).containsExactly(1, 2, 3, 4);
        assertThat(bytes(codec.decode("bAQIDBA").get(0))).containsExactly(1, 2, 3, 4);
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
        assertThatThrownBy(() -> codec.decode("bSECRET!")).hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> codec.decode("SECRET")).hasMessageNotContaining("SECRET");
    }

    private static byte[] bytes(EnginePacket packet) {
        return ((EnginePacket.Binary) packet).bytes();
    }

    private Code code(String body) {
        BadPayloadException bad = catchThrowableOfType(BadPayloadException.class, () -> codec.decode(body));
        assertThat(bad).as("refused: %s", body).isNotNull();
        return bad.code();
    }
}
