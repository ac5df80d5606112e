package dev.realtime.internal.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EventHeadTest {

    private final PacketDecoder decoder = new PacketDecoder(DecoderLimits.DEFAULTS);

    @Test
    void cutsTheArgumentsWithoutParsingThem() {
        EventHead head = head("[\"move\",1,-2.5e3,\"a,]}\\\"\",{\"a\":[1,\"]\"]},[],null,true]");
        assertThat(head.name()).isEqualTo("move");
        assertThat(head.arguments())
                .containsExactly("1", "-2.5e3", "\"a,]}\\\"\"", "{\"a\":[1,\"]\"]}", "[]", "null", "true");
    }

    @Test
    void skipsTheSpaceAroundArguments() {
        assertThat(head(" [ \"a\" ,\t{ \"b\" : 1 } , 2\n] ").arguments()).containsExactly("{ \"b\" : 1 }", "2");
    }

    @Test
    void anEventWithoutArgumentsHasNone() {
        EventHead head = head("[\"a\"]");
        assertThat(head.arguments()).isEmpty();
        assertThatThrownBy(() -> head.arguments().get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void manySmallArgumentsAreNotCutBeforeTheyAreAskedFor() {
        List<String> arguments = head("[\"a\"" + ",[]".repeat(1_000) + "]").arguments();
        assertThat(arguments).hasSize(1_000).containsOnly("[]");
        assertThat(arguments.get(999)).isNotSameAs(arguments.get(999));
    }

    @Test
    void unescapesTheName() {
        assertThat(head("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é\"]")
                        .name())
                .isEqualTo("\"\\/\b\f\n\r\té\ud83d\ude00é");
        assertThat(head("[\"plain\",\"\\n\"]").name()).isEqualTo("plain");
    }

    @Test
    void aNumberIsTheNameItIsWrittenAs() {
        assertThat(head("[42,\"x\"]").name()).isEqualTo("42");
        assertThat(head("[42,\"x\"]").arguments()).containsExactly("\"x\"");
        assertThat(head("[-1.5]").name()).isEqualTo("-1.5");
    }

    @Test
    void onlyEventsHaveAHead() {
        Packet ack = new Packet(PacketType.ACK, "/", 1, "[]", List.of());
        assertThatThrownBy(() -> EventHead.of(ack)).isInstanceOf(IllegalArgumentException.class);
        assertThat(EventHead.elements(ack.data())).isEmpty();
    }

    private EventHead head(String data) {
        return EventHead.of(Objects.requireNonNull(decoder.text("2" + data)));
    }
}
