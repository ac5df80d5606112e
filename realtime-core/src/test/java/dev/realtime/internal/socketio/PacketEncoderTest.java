package dev.realtime.internal.socketio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts are the examples of the Socket.IO protocol document, with the Engine.IO type in front. */
class PacketEncoderTest {

    private static final List<byte[]> NONE = List.of();
    private static final byte[] A = {1, 2};
    private static final byte[] B = {3, 4};

    private final PacketEncoder main = PacketEncoder.of("/");
    private final PacketEncoder admin = PacketEncoder.of("/admin");

    @Test
    void answersAConnect() {
        assertThat(text(main.connect("wZX3oN0bSVIhsaknAAAI", null))).isEqualTo("40{\"sid\":\"wZX3oN0bSVIhsaknAAAI\"}");
        assertThat(text(admin.connect("oSO0OpakMV_3jnilAAAA", null)))
                .isEqualTo("40/admin,{\"sid\":\"oSO0OpakMV_3jnilAAAA\"}");
        assertThat(text(main.connect("s", "p"))).isEqualTo("40{\"sid\":\"s\",\"pid\":\"p\"}");
    }

    @Test
    void refusesAConnect() {
        assertThat(text(main.connectError("Not authorized", null))).isEqualTo("44{\"message\":\"Not authorized\"}");
        assertThat(text(admin.connectError("a \"b\"\r\n\\é\ud83d", "{\"code\":1}".getBytes(UTF_8))))
                .isEqualTo("44/admin,{\"message\":\"a \\\"b\\\"\\u000d\\u000a\\\\é\ufffd\",\"data\":{\"code\":1}}");
    }

    @Test
    void disconnects() {
        assertThat(text(main.disconnect())).isEqualTo("41");
        assertThat(text(admin.disconnect())).isEqualTo("41/admin,");
    }

    @Test
    void sendsEvents() {
        assertThat(event(main, "[\"foo\"]", -1, null)).isEqualTo("42[\"foo\"]");
        assertThat(event(admin, "[\"bar\"]", -1, null)).isEqualTo("42/admin,[\"bar\"]");
        assertThat(event(main, "[\"foo\"]", 12, null)).isEqualTo("4212[\"foo\"]");
        assertThat(event(admin, "[\"foo\"]", 13, null)).isEqualTo("42/admin,13[\"foo\"]");
        assertThat(event(main, "[\"foo\"]", 0, null)).isEqualTo("420[\"foo\"]");
        assertThat(event(main, "[\"foo\"]", Long.MAX_VALUE, null)).isEqualTo("429223372036854775807[\"foo\"]");
    }

    @Test
    void appendsTheOffsetAsTheLastArgument() {
        assertThat(event(main, "[\"foo\"]", -1, "1-0")).isEqualTo("42[\"foo\",\"1-0\"]");
        assertThat(event(admin, "[\"foo\",{\"a\":[]}]", -1, "1-\""))
                .isEqualTo("42/admin,[\"foo\",{\"a\":[]},\"1-\\\"\"]");
        assertThat(event(main, "[]", -1, "1")).isEqualTo("42[\"1\"]");
    }

    @Test
    void sendsAttachmentsBehindTheText() {
        List<Frame> frames =
                main.event("[\"baz\",{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8), List.of(A), -1, null);
        assertThat(text(frames.get(0))).isEqualTo("451-[\"baz\",{\"_placeholder\":true,\"num\":0}]");
        assertThat(frames.get(1).isBinary()).isTrue();
        assertThat(frames.get(1).bytes()).isSameAs(A);

        List<Frame> both = admin.event("[\"baz\",1]".getBytes(UTF_8), List.of(A, B), 14, "9");
        assertThat(text(both.get(0))).isEqualTo("452-/admin,14[\"baz\",1,\"9\"]");
        assertThat(both.subList(1, 3)).extracting(Frame::bytes).containsExactly(A, B);
    }

    @Test
    void acknowledges() {
        assertThat(text(only(main.ack(12, "[]".getBytes(UTF_8), NONE)))).isEqualTo("4312[]");
        assertThat(text(only(admin.ack(13, "[\"bar\"]".getBytes(UTF_8), NONE)))).isEqualTo("43/admin,13[\"bar\"]");
        List<Frame> frames = admin.ack(1, "[{\"_placeholder\":true,\"num\":0}]".getBytes(UTF_8), List.of(A));
        assertThat(text(frames.get(0))).isEqualTo("461-/admin,1[{\"_placeholder\":true,\"num\":0}]");
        assertThat(frames).hasSize(2);
    }

    @Test
    void refusesWhatTheOtherSideCouldNotRead() {
        assertThatThrownBy(() -> main.ack(-1, "[]".getBytes(UTF_8), NONE)).isInstanceOf(IllegalArgumentException.class);
        for (String arguments : List.of("", "[", "]", "{}", "[1", "1]")) {
            assertThatThrownBy(() -> event(main, arguments, -1, null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "admin", "/a,b", "/a?b", "/a\nb"})
    void refusesNamespacesThatCannotBeReadBack(String namespace) {
        assertThatThrownBy(() -> PacketEncoder.of(namespace)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String event(PacketEncoder encoder, String arguments, long ackId, @Nullable String offset) {
        return text(only(encoder.event(arguments.getBytes(UTF_8), NONE, ackId, offset)));
    }

    private static Frame only(List<Frame> frames) {
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }

    private static String text(Frame frame) {
        assertThat(frame.isBinary()).isFalse();
        return new String(frame.bytes(), UTF_8);
    }
}
