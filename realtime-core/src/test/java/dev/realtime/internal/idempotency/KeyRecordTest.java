package dev.realtime.internal.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.internal.idempotency.KeyRecord.Answered;
import dev.realtime.internal.idempotency.KeyRecord.Running;
import dev.realtime.internal.idempotency.Outcome.Refused;
import dev.realtime.internal.idempotency.Outcome.Replied;
import dev.realtime.spi.EventData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What the store has of a key is read as it was written, and is small enough for a value. */
class KeyRecordTest {
    private static final int MOST_OF_A_VALUE = 16 << 10;
    private static final String ATTEMPT = "n1.a";

    @Property(tries = 300)
    void aReplyIsReadAsItWasWritten(@ForAll String text, @ForAll @Size(max = 3) List<byte[]> attachments) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        Replied reply = new Replied(new EventData(json, attachments));
        Replied read = (Replied) outcome(KeyRecord.text(ATTEMPT, reply));
        assertThat(read.arguments().json()).isEqualTo(json);
        assertThat(read.arguments().attachments()).hasSameSizeAs(attachments);
        for (int i = 0; i < attachments.size(); i++) {
            assertThat(read.arguments().attachments().get(i)).isEqualTo(attachments.get(i));
        }
    }

    @Property(tries = 300)
    void aRefusalIsReadAsItWasWritten(@ForAll @StringLength(max = 40) String word, @ForAll String message) {
        String code = new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Refused refused = new Refused(code, message, null);
        assertThat(outcome(KeyRecord.text(ATTEMPT, refused))).isEqualTo(refused);
    }

    @Property(tries = 100)
    void whatIsKeptFitsIntoAValue(@ForAll @Size(max = 10) List<@Size(max = 4_000) byte[]> attachments) {
        Replied reply = new Replied(new EventData(new byte[100], attachments));
        String text = KeyRecord.text(ATTEMPT.repeat(50), KeyRecord.bounded(reply));
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(MOST_OF_A_VALUE);
    }

    private static Outcome outcome(String text) {
        Answered answered = (Answered) KeyRecord.parse(text);
        assertThat(answered.attempt()).isEqualTo(ATTEMPT);
        return answered.outcome();
    }

    @Test
    void aClaimIsReadAsItWasWritten() {
        assertThat(KeyRecord.parse(KeyRecord.text(ATTEMPT, 1_700_000_000_000L)))
                .isEqualTo(new Running(ATTEMPT, 1_700_000_000_000L));
    }

    @Test
    void whatALaterVersionHasWrittenIsNotRead() {
        for (String text : List.of("", "2 running a 1", "1 sleeping a 1", "1 running a x", "1 replied a 2\nAAAA\n[]")) {
            assertThat(KeyRecord.parse(text)).as(text).isNull();
        }
    }

    @Test
    void noTwoListsOfWordsHaveOneKey() {
        String key = RequestKey.of("/", "buy", false, "ann", "1");
        assertThat(key).hasSize(43);
        assertThat(List.of(
                        RequestKey.of("/b", "uy", false, "ann", "1"),
                        RequestKey.of("/", "buy", true, "ann", "1"),
                        RequestKey.of("/", "buy", false, "an", "n1"),
                        RequestKey.of("/", "buy", false, "ann", "2")))
                .doesNotContain(key)
                .doesNotHaveDuplicates();
    }
}
