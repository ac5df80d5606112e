package dev.realtime.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.mail.Importance;
import dev.realtime.spi.Queues.Queued;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a mailbox has of a message is read as it was written, and clients get it as JSON. */
class MailTextTest {
    private static final Instant TIME = Instant.parse("2026-11-27T18:00:00.000001Z");

    @Property(tries = 300)
    void aMessageIsReadAsItWasWritten(
            @ForAll String type,
            @ForAll Optional<String> sender,
            @ForAll Optional<String> name,
            @ForAll String content,
            @ForAll Optional<String> metadata,
            @ForAll Importance importance,
            @ForAll Optional<String> event,
            @ForAll Optional<String> arguments) {
        MailText message = new MailText(type, sender, name, content, metadata, importance, TIME, event, arguments);
        assertThat(MailText.read(message.text())).isEqualTo(message);
    }

    @Test
    void aMessageOfAnOlderNodeIsReadAndOneOfANewerToo() {
        MailText message = MailText.read("14:chat--1:0-6:NORMAL20:2026-11-27T18:00:00Z");
        assertThat(message.event()).isEmpty();
        assertThat(MailText.read(message.text() + "3:new")).isEqualTo(message);
    }

    @Test
    void whatIsNoMessageIsRefused() {
        for (String text : new String[] {"", "2", "1", "1-", "15:ab", "1x:", "19:"}) {
            assertThatThrownBy(() -> MailText.read(text)).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void aClientGetsItAsJson() {
        MailText message = new MailText(
                "chat",
                Optional.of("u\"1"),
                Optional.empty(),
                "[1]",
                Optional.of("{}"),
                Importance.HIGH,
                TIME,
                Optional.empty(),
                Optional.empty());
        Queued item = new Queued("m1", 2, message.text(), TIME.plusSeconds(1), TIME.plusSeconds(2), "place");
        assertThat(new String(MailJson.event("mail", item, message).json(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "[\"mail\",{\"id\":\"m1\",\"type\":\"chat\",\"sender_id\":\"u\\\"1\",\"content\":[1],\"metadata\":{},"
                                + "\"importance\":\"high\",\"created_at\":\"2026-11-27T18:00:00.000001Z\","
                                + "\"stored_at\":\"2026-11-27T18:00:01.000001Z\"}]");
    }

    @Test
    void aClientThatIsThereGetsTheEventAndTheRest() {
        assertThat(own(Optional.empty()))
                .startsWith("[\"say\",[1],{\"id\":\"m1\",\"type\":\"chat\",\"importance\":\"low\"");
        assertThat(own(Optional.of(",2,3"))).startsWith("[\"say\",2,3,{\"id\"");
        assertThat(own(Optional.of(""))).startsWith("[\"say\",{\"id\"");
    }

    private static String own(Optional<String> arguments) {
        MailText message = new MailText(
                "chat",
                Optional.empty(),
                Optional.empty(),
                "[1]",
                Optional.empty(),
                Importance.LOW,
                TIME,
                Optional.of("say"),
                arguments);
        Queued item = new Queued("m1", 0, message.text(), TIME, TIME.plusSeconds(2), "place");
        return new String(MailJson.own("say", item, message).json(), StandardCharsets.UTF_8);
    }
}
