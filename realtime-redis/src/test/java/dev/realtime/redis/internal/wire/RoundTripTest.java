package dev.realtime.redis.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.BusMessage;
import dev.realtime.spi.EventData;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever an application emits arrives on the other node as it was, and a change of any byte is survived. */
class RoundTripTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final StreamEntryCodec stream = new StreamEntryCodec(4_096, new BoundedLog(System::nanoTime));
    private final BusCodec bus = new BusCodec(new BoundedLog(System::nanoTime));

    /** An event as a tree with binary nodes. */
    record Payload(List<JsonNode> arguments) {
        EventData data() {
            List<byte[]> attachments = new ArrayList<>();
            ArrayNode array = NODES.arrayNode().add("event");
            arguments.forEach(argument -> array.add(lift(argument, attachments)));
            return new EventData(array.toString().getBytes(UTF_8), attachments);
        }

        private static JsonNode lift(JsonNode node, List<byte[]> attachments) {
            if (node.isBinary() && attachments.size() == EventData.MAX_ATTACHMENTS) {
                return NODES.textNode("one too many");
            }
            if (node.isBinary()) {
                ObjectNode placeholder =
                        NODES.objectNode().put("_placeholder", true).put("num", attachments.size());
                attachments.add(((com.fasterxml.jackson.databind.node.BinaryNode) node).binaryValue());
                return placeholder;
            }
            if (node.isArray()) {
                ArrayNode copy = NODES.arrayNode();
                node.forEach(element -> copy.add(lift(element, attachments)));
                return copy;
            }
            if (node.isObject()) {
                ObjectNode copy = NODES.objectNode();
                node.properties().forEach(member -> copy.set(member.getKey(), lift(member.getValue(), attachments)));
                return copy;
            }
            return node;
        }
    }

    @Provide
    Arbitrary<Payload> payloads() {
        return value(3).list().ofMaxSize(4).map(Payload::new);
    }

    private static Arbitrary<JsonNode> value(int depth) {
        Arbitrary<String> text = Arbitraries.strings().all().ofMaxLength(40).filter(RoundTripTest::isWhole);
        List<Arbitrary<? extends JsonNode>> kinds = new ArrayList<>(List.of(
                Arbitraries.longs().map(NODES::numberNode),
                Arbitraries.doubles().map(NODES::numberNode),
                text.map(NODES::textNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(NODES::binaryNode)));
        if (depth > 0) {
            kinds.add(value(depth - 1)
                    .list()
                    .ofMaxSize(20)
                    .map(list -> NODES.arrayNode().addAll(list)));
            kinds.add(Arbitraries.maps(text, value(depth - 1)).ofMaxSize(20).map(map -> {
                ObjectNode object = NODES.objectNode();
                object.setAll(map);
                return object;
            }));
        }
        return Arbitraries.oneOf(
                kinds.stream().map(kind -> kind.map(node -> (JsonNode) node)).toList());
    }

    private static boolean isWhole(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }

    @Provide
    Arbitrary<Target> targets() {
        Arbitrary<Set<String>> rooms = Arbitraries.strings()
                .all()
                .ofMaxLength(20)
                .filter(RoundTripTest::isWhole)
                .set()
                .ofMaxSize(20);
        return Combinators.combine(rooms, rooms, Arbitraries.of("node-1", "n").injectNull(0.7))
                .as(Target::new);
    }

    @Property(tries = 300)
    void anEntryOfTheStreamIsReadAsItWasWritten(@ForAll("payloads") Payload payload, @ForAll("targets") Target target) {
        LogEntry.Emit entry = new LogEntry.Emit(target, payload.data());
        StreamFields fields = stream.encode("uid", "/", entry);
        LogEntry.Emit read = (LogEntry.Emit) stream.decode(fields);
        assertThat(read.target()).isEqualTo(target);
        assertSame(read.event(), entry.event());
        if (entry.event().attachments().isEmpty()) {
            assertThat(read.event().json()).isEqualTo(entry.event().json());
        }
    }

    @Property(tries = 300)
    void aMessageOfTheBusIsHeardAsItWasSaid(@ForAll("payloads") Payload payload, @ForAll("targets") Target target) {
        BusMessage.Volatile said = new BusMessage.Volatile(target, payload.data(), null);
        BusMessage.Volatile heard =
                (BusMessage.Volatile) bus.decode(bus.encode("uid", "/", said)).message();
        assertThat(heard.target()).isEqualTo(target);
        assertSame(heard.event(), said.event());
    }

    @Property(tries = 300)
    void aBrokenMessageIsNeverAnException(
            @ForAll("payloads") Payload payload, @ForAll int at, @ForAll byte with, @ForAll int cut) {
        byte[] message = bus.encode("uid", "/", new BusMessage.Volatile(Target.EVERYBODY, payload.data(), "k"));
        byte[] broken = java.util.Arrays.copyOf(message, message.length - Math.floorMod(cut, 3));
        broken[Math.floorMod(at, broken.length)] = with;
        bus.decode(broken);
        StreamFields fields = stream.encode("uid", "/", new LogEntry.Emit(Target.EVERYBODY, payload.data()));
        byte[] data = fields.data().clone();
        data[Math.floorMod(at, data.length)] = with;
        LogEntry entry = stream.decode(new StreamFields("uid", "/", 3, data));
        if (entry instanceof LogEntry.Emit emit) {
            Upstream.tree(emit.event().json()); // what gets through is JSON
        }
    }

    private static void assertSame(EventData actual, EventData expected) {
        assertThat(actual.attachments()).hasSameSizeAs(expected.attachments());
        for (int i = 0; i < expected.attachments().size(); i++) {
            assertThat(actual.attachments().get(i))
                    .isEqualTo(expected.attachments().get(i));
        }
        assertThat(Upstream.tree(actual.json())).isEqualTo(Upstream.tree(expected.json()));
    }
}
