package dev.realtime.internal.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.realtime.internal.json.JsonOracle;
import dev.realtime.spi.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever frames a peer sends, the decoder answers with a packet or a coded error, and a packet is what Jackson reads
 * from the same text and what the encoder writes again. Replays its corpus in every build; {@code JAZZER_FUZZ=1} with
 * {@code -Dtest} searches for more.
 */
class PacketDecoderFuzzTest {

    private static final DecoderLimits LIMITS = new DecoderLimits(4, 64, 8, 32, 32);

    private final ObjectMapper jackson = new ObjectMapper();

    {
        jackson.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build());
    }

    /** The input is a sequence of frames between record separators; those that start with {@code b} are binary. */
    @FuzzTest(maxDuration = "60s")
    void framesBecomePacketsOrCodedErrors(byte[] input) throws JsonProcessingException {
        PacketDecoder decoder = new PacketDecoder(LIMITS);
        for (String frame : new String(input, UTF_8).split("\u001e", -1)) {
            @Nullable Packet packet;
            try {
                packet = frame.startsWith("b") ? decoder.binary(frame.getBytes(UTF_8)) : decoder.text(frame);
            } catch (BadPacketException e) {
                assertThat(decoder.isWaitingForAttachments()).isFalse();
                continue;
            }
            assertThat(packet == null).isEqualTo(decoder.isWaitingForAttachments());
            if (packet != null) {
                checkPacket(packet);
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void theScannerTakesWhatJacksonTakes(byte[] input) {
        JsonOracle.check(new String(input, UTF_8), 8);
    }

    private void checkPacket(Packet packet) throws JsonProcessingException {
        if (packet.fault() != null) {
            assertThat(packet.attachments()).isEmpty();
            return;
        }
        assertThat(packet.namespace())
                .startsWith("/")
                .hasSizeLessThanOrEqualTo(32)
                .doesNotContain(",", "?", "\n");
        assertThat(packet.attachments()).hasSizeLessThanOrEqualTo(LIMITS.maxAttachments());
        assertThat(packet.attachments().isEmpty()).isNotEqualTo(packet.type().isBinary());
        if (packet.data().isEmpty()) {
            return;
        }
        JsonNode tree = jackson.readTree(packet.data());
        PacketEncoder encoder = PacketEncoder.of(packet.namespace());
        if (packet.type().isEvent()) {
            EventHead head = EventHead.of(packet);
            assertThat(head.name())
                    .isEqualTo(tree.get(0).isTextual() ? tree.get(0).textValue() : numeral(packet));
            checkSlices(head.arguments(), tree, 1);
            checkSame(packet, encoder.event(packet.data().getBytes(UTF_8), packet.attachments(), packet.ackId(), null));
        } else if (packet.type().isAck()) {
            checkSlices(EventHead.elements(packet.data()), tree, 0);
            checkSame(packet, encoder.ack(packet.ackId(), packet.data().getBytes(UTF_8), packet.attachments()));
        }
    }

    private static String numeral(Packet packet) {
        return packet.data().substring(1).split("[,\\]]", 2)[0].trim();
    }

    private void checkSlices(List<String> slices, JsonNode array, int from) throws JsonProcessingException {
        assertThat(slices).hasSize(array.size() - from);
        for (int i = 0; i < slices.size(); i++) {
            assertThat(jackson.readTree(slices.get(i))).isEqualTo(array.get(i + from));
        }
    }

    private static void checkSame(Packet packet, List<Frame> frames) {
        PacketDecoder again = new PacketDecoder(LIMITS);
        @Nullable Packet read = again.text(new String(frames.get(0).bytes(), UTF_8), 1);
        for (Frame attachment : frames.subList(1, frames.size())) {
            read = again.binary(attachment.bytes());
        }
        assertThat(read).isEqualTo(packet);
    }
}
