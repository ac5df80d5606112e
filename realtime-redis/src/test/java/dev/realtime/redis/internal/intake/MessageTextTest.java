package dev.realtime.redis.internal.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.JsonCodec.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a message is one that every client could be sent. */
class MessageTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"ünï 😀\"",
                "\"\\u00e9\"",
                "\"\\ud83d\\ude00\"",
                "\"\\\\ud800\"", // a backslash, and then the letters
                "\"\\\\\\\\ud800\"",
                "\"\\u\"", // no escape: the codec says so
                "\\",
                "\\ud8",
                "{\"_placeholder\":false,\"num\":0}",
                "{\"text\":\"_placeholder\"}",
                "{\"_placeholder\" is no JSON"
            })
    void whatIsWholeIsTaken(String text) {
        assertThat(MessageText.of(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\ud83d\"",
                "\"\\uDE00\"",
                "\"\\ud83d\\n\"",
                "\"\\ud83d\\ud83d\\ude00\"",
                "\"\\\\\\ud800\"",
                "\"\\ud83d\\\\ude00\"",
                "\"\\ud83d\\ude00\\ude00\""
            })
    void halfOfAPairIsRefused(String text) {
        assertThatThrownBy(() -> MessageText.of(text.getBytes(UTF_8)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("surrogate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"_placeholder\":true,\"num\":0}",
                "[[{\"x\":{\"_placeholder\":1}}]]",
                "{\"_placeholder\":{}}",
                "{\"_placeholder\":null} and more",
                "{\"\\u005fplaceholder\":true}",
                "{\"_p\\u006caceholder\":\"\"}"
            })
    void whatClaimsToBeAnAttachmentIsRefused(String text) {
        assertThatThrownBy(() -> MessageText.of(text.getBytes(UTF_8)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("claims to be an attachment");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        for (byte[] wrong : new byte[][] {{(byte) 0xff}, {'"', (byte) 0xc3}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}}) {
            assertThatThrownBy(() -> MessageText.of(wrong))
                    .isInstanceOf(DecodeException.class)
                    .hasMessageContaining("UTF-8");
        }
    }
}
