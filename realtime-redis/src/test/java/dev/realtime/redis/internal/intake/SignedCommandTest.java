package dev.realtime.redis.internal.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.JsonCodec.DecodeException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command is what was signed, for the channel that it was signed for, and nothing else. */
class SignedCommandTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
    private static final SignedCommand SIGNED =
            SignedCommand.sign("game:admin", "k1", SECRET, "n-1", 1_764_265_351_000L, "{\"command\":\"x\"}");

    @Test
    void theSignatureIsThatOfTheDocument() throws Exception {
        String text = "realtime-admin-1\ngame:admin\nk1\nn-1\n1764265351000\n{\"command\":\"x\"}";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        assertThat(SIGNED.signature()).isEqualTo(HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8))));
        assertThat(SIGNED.isSignedWith(SECRET, "game:admin")).isTrue();
    }

    @Test
    void aChangeOfAnyPartIsNoticed() {
        String signature = SIGNED.signature();
        String flipped = (signature.charAt(0) == '0' ? '1' : '0') + signature.substring(1);
        byte[] other = SECRET.clone();
        other[31]++;
        assertThat(SIGNED.isSignedWith(other, "game:admin")).isFalse();
        assertThat(SIGNED.isSignedWith(SECRET, "game:admin2")).isFalse();
        for (SignedCommand changed : new SignedCommand[] {
            new SignedCommand("k2", "n-1", SIGNED.at(), SIGNED.command(), signature),
            new SignedCommand("k1", "n-2", SIGNED.at(), SIGNED.command(), signature),
            new SignedCommand("k1", "n-1", SIGNED.at() + 1, SIGNED.command(), signature),
            new SignedCommand("k1", "n-1", SIGNED.at(), SIGNED.command() + " ", signature),
            new SignedCommand("k1", "n-1", SIGNED.at(), SIGNED.command(), flipped)
        }) {
            assertThat(changed.isSignedWith(SECRET, "game:admin")).isFalse();
        }
    }

    @Property(tries = 200)
    void whatIsPublishedIsReadAsItWas(
            @ForAll @AlphaChars @StringLength(min = 1, max = 64) String nonce, @ForAll String text, @ForAll long at) {
        String command = text.codePoints()
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        SignedCommand sent = SignedCommand.sign("game:admin", "k1", SECRET, nonce, at, command);
        SignedCommand read = SignedCommand.parse(sent.toJson());
        assertThat(read).isEqualTo(sent);
        assertThat(read.isSignedWith(SECRET, "game:admin")).isTrue();
    }

    @Property(tries = 500)
    void aChangedByteIsRefusedOrChangesNothing(
            @ForAll @IntRange(max = 10_000) int place, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] message = SIGNED.toJson();
        message[place % message.length] ^= (byte) change;
        try {
            SignedCommand read = SignedCommand.parse(message);
            // digits of the signature in capitals are the same digits
            boolean same = read.command().equals(SIGNED.command())
                    && read.nonce().equals(SIGNED.nonce())
                    && read.at() == SIGNED.at()
                    && read.key().equals(SIGNED.key())
                    && read.signature().equalsIgnoreCase(SIGNED.signature());
            assertThat(read.isSignedWith(SECRET, "game:admin")).isEqualTo(same);
        } catch (DecodeException refused) {
            assertThat(refused.getMessage()).doesNotContain(SIGNED.signature());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "\"realtime-admin-1\"",
                "{\"key\":\"k1\",\"nonce\":\"n\",\"at\":1,\"command\":\"x\"}",
                "{\"key\":\"k1\",\"nonce\":\"n\",\"at\":1,\"command\":\"x\",\"signature\":\"zz\"}",
                "{\"key\":\"k1\",\"key\":\"k1\",\"nonce\":\"n\",\"at\":1,\"command\":\"x\",\"signature\":\"0\"}"
            })
    void whatIsNoCommandIsRefused(String message) {
        assertThatThrownBy(() -> SignedCommand.parse(message.getBytes(UTF_8))).isInstanceOf(DecodeException.class);
    }

    @Test
    void namesAreNamesAndNumbersAreNumbers() {
        String signature = "0".repeat(64);
        for (String wrong : new String[] {
            "{\"key\":\"k\\n1\",\"nonce\":\"n\",\"at\":1,\"command\":\"x\",\"signature\":\"" + signature + "\"}",
            "{\"key\":\"k1\",\"nonce\":\"\",\"at\":1,\"command\":\"x\",\"signature\":\"" + signature + "\"}",
            "{\"key\":\"k1\",\"nonce\":\"n\",\"at\":\"1\",\"command\":\"x\",\"signature\":\"" + signature + "\"}",
            "{\"key\":\"k1\",\"nonce\":\"n\",\"at\":1e30,\"command\":\"x\",\"signature\":\"" + signature + "\"}",
            "{\"key\":\"k1\",\"nonce\":\"n\",\"at\":1,\"command\":{},\"signature\":\"" + signature + "\"}"
        }) {
            assertThatThrownBy(() -> SignedCommand.parse(wrong.getBytes(UTF_8))).isInstanceOf(DecodeException.class);
        }
    }

    @Test
    void itsTextHasNoSecrets() {
        assertThat(SIGNED.toString()).doesNotContain(SIGNED.signature()).doesNotContain("command\":");
    }
}
