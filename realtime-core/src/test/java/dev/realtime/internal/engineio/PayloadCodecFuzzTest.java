package dev.realtime.internal.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.realtime.spi.Frame;
import java.util.List;

/**
 * Whatever body a peer posts, the codec answers with packets or a coded error, and the packets written again are a body
 * that means the same. Replays its corpus in every build; {@code JAZZER_FUZZ=1} with {@code -Dtest} searches for more.
 */
class PayloadCodecFuzzTest {

    private final PayloadCodec codec = new PayloadCodec();

    @FuzzTest(maxDuration = "60s")
    void bodiesBecomePacketsOrCodedErrors(byte[] input) {
        List<Frame> packets;
        try {
            packets = DecodedBody.frames(new String(input, UTF_8));
        } catch (BadPayloadException e) {
            return;
        }
        assertThat(packets).isNotEmpty();
        byte[] body = codec.encode(packets);
        List<Frame> again = DecodedBody.frames(new String(body, UTF_8));
        assertThat(again).hasSameSizeAs(packets);
        assertThat(codec.encode(again)).isEqualTo(body);
        for (int i = 0; i < again.size(); i++) {
            assertThat(again.get(i).bytes()).isEqualTo(packets.get(i).bytes());
        }
    }
}
