package dev.realtime.internal.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.realtime.spi.Frame;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

/** What one side encodes the other side reads back. */
class PacketPropertiesTest {

    private final ObjectMapper jackson = new ObjectMapper();
    private final PacketDecoder decoder = new PacketDecoder(new DecoderLimits(10, 100_000, 16, 1000, 1000));

    @Property
    void anEventComesBack(
            @ForAll("namespaces") String namespace,
            @ForAll("names") String name,
            @ForAll("texts") String argument,
            @ForAll @Size(max = 4) List<byte[]> attachments,
            @ForAll @LongRange(min = -1, max = (1L << 53) - 1) long ackId)
            throws JsonProcessingException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode().add(name).add(argument);
        array.addObject().put(argument, 1.5).putArray("é").addNull().add(true);
        placeholders(array, attachments);
        List<Frame> frames =
                PacketEncoder.of(namespace).event(jackson.writeValueAsBytes(array), attachments, ackId, null);
        Packet packet = decode(frames);
        EventHead head = EventHead.of(packet);

        assertThat(packet.type()).isEqualTo(attachments.isEmpty() ? PacketType.EVENT : PacketType.BINARY_EVENT);
        assertThat(packet.namespace()).isEqualTo(namespace);
        assertThat(packet.ackId()).isEqualTo(ackId);
        assertThat(packet.attachments()).isEqualTo(attachments);
        assertThat(head.name()).isEqualTo(name);
        assertThat(head.arguments()).hasSize(2 + attachments.size());
        assertThat(jackson.readTree(head.arguments().get(0)).textValue()).isEqualTo(argument);
        assertThat(jackson.readTree(head.arguments().get(1))).isEqualTo(array.get(2));
    }

    @Property
    void anOffsetIsTheLastArgument(@ForAll("texts") String offset, @ForAll("texts") String argument)
            throws JsonProcessingException {
        byte[] arguments = jackson.writeValueAsBytes(List.of("e", argument));
        Packet packet = decode(PacketEncoder.of("/").event(arguments, List.of(), Packet.NO_ACK, offset));
        List<String> slices = EventHead.of(packet).arguments();
        assertThat(slices).hasSize(2);
        assertThat(jackson.readTree(slices.get(1)).textValue()).isEqualTo(offset);
    }

    @Property
    void anAckComesBack(
            @ForAll("namespaces") String namespace,
            @ForAll("texts") String argument,
            @ForAll @Size(max = 4) List<byte[]> attachments,
            @ForAll @LongRange(max = (1L << 53) - 1) long ackId)
            throws JsonProcessingException {
        ArrayNode array = JsonNodeFactory.instance.arrayNode().add(argument).add(1);
        placeholders(array, attachments);
        byte[] arguments = jackson.writeValueAsBytes(array);
        Packet packet = decode(PacketEncoder.of(namespace).ack(ackId, arguments, attachments));
        assertThat(packet.type()).isEqualTo(attachments.isEmpty() ? PacketType.ACK : PacketType.BINARY_ACK);
        assertThat(packet.namespace()).isEqualTo(namespace);
        assertThat(packet.ackId()).isEqualTo(ackId);
        assertThat(packet.attachments()).isEqualTo(attachments);
        assertThat(jackson.readTree(EventHead.elements(packet.data()).get(0)).textValue())
                .isEqualTo(argument);
    }

    @Property
    void handshakesComeBack(
            @ForAll("namespaces") String namespace, @ForAll("texts") String sid, @ForAll("texts") String pid)
            throws JsonProcessingException {
        Packet connect = decode(List.of(PacketEncoder.of(namespace).connect(sid, pid)));
        assertThat(connect.type()).isEqualTo(PacketType.CONNECT);
        assertThat(connect.namespace()).isEqualTo(namespace);
        assertThat(jackson.readTree(connect.data()))
                .isEqualTo(JsonNodeFactory.instance.objectNode().put("sid", sid).put("pid", pid));

        Packet error = decode(List.of(PacketEncoder.of(namespace).connectError(sid, null)));
        assertThat(error.type()).isEqualTo(PacketType.CONNECT_ERROR);
        assertThat(jackson.readTree(error.data()).get("message").textValue()).isEqualTo(sid);
    }

    @Property
    void anyTextIsAPacketOrACodedError(@ForAll @StringLength(max = 60) String text) {
        PacketDecoder fresh = new PacketDecoder(DecoderLimits.DEFAULTS);
        try {
            fresh.text(text);
        } catch (BadPacketException e) {
            assertThat(e.code()).isNotNull();
        }
    }

    @Provide
    Arbitrary<String> namespaces() {
        return Arbitraries.of("/", "/a", "/admin", "/é😀", "/0-1", "//", "/{}", "/[\"x\"]");
    }

    @Provide
    Arbitrary<String> names() {
        return texts().filter(name -> !name.equals("connect"));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20).map(PacketPropertiesTest::wellFormed),
                Arbitraries.of("", "\"", "\\", "],[", "\u0000", "\u2028", "😀", "é", "\u001e", "1-0"),
                Arbitraries.strings().ascii().ofMaxLength(20));
    }

    private static void placeholders(ArrayNode array, List<byte[]> attachments) {
        for (int i = 0; i < attachments.size(); i++) {
            array.addObject().put("_placeholder", true).put("num", i);
        }
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private Packet decode(List<Frame> frames) {
        @Nullable Packet packet = decoder.text(new String(frames.get(0).bytes(), UTF_8), 1);
        for (Frame attachment : frames.subList(1, frames.size())) {
            assertThat(packet).isNull();
            packet = decoder.binary(attachment.bytes());
        }
        return Objects.requireNonNull(packet);
    }
}
