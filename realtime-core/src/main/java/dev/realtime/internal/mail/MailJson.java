package dev.realtime.internal.mail;

import dev.realtime.internal.json.JsonStrings;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Queues.Queued;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** A message as its clients get it: the names of its parts are here and nowhere else. */
final class MailJson {
    private final StringBuilder json = new StringBuilder();

    private MailJson() {}

    /** The arguments of the event that delivers it, its name first. */
    static EventData event(String event, Queued item, MailText message) {
        MailJson out = new MailJson();
        out.json.append('[').append(quoted(event)).append(',');
        out.facts(item, message, Optional.of(message.content()));
        return out.data();
    }

    /** The arguments of the event that was emitted, its name first, and what else there is to say of the message. */
    static EventData own(String event, Queued item, MailText message) {
        MailJson out = new MailJson();
        out.json.append('[').append(quoted(event));
        out.json.append(message.arguments().orElseGet(() -> ',' + message.content()));
        out.json.append(',');
        out.facts(item, message, Optional.empty());
        return out.data();
    }

    /** What a client is told that has got all that was in its user's mailbox when it came. */
    static EventData complete(String event, int count) {
        String json = "[" + quoted(event) + ",{\"count\":" + count + "}]";
        return new EventData(json.getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** How many bytes it has as its clients get it, in whatever way. */
    static int largest(String event, String id, MailText message) {
        Instant longest = message.createdAt().truncatedTo(ChronoUnit.SECONDS).plusNanos(1);
        Queued stored = new Queued(id, 0, "", longest, longest, "");
        int asMessage = event(event, stored, message).size();
        return message.event()
                .map(own -> Math.max(asMessage, own(own, stored, message).size()))
                .orElse(asMessage);
    }

    private void facts(Queued item, MailText message, Optional<String> content) {
        json.append("{\"id\":").append(quoted(item.id()));
        text("type", message.type());
        message.senderId().ifPresent(id -> text("sender_id", id));
        message.senderName().ifPresent(name -> text("sender_name", name));
        content.ifPresent(value -> raw("content", value));
        message.metadata().ifPresent(metadata -> raw("metadata", metadata));
        text("importance", message.importance().word());
        text("created_at", message.createdAt().toString());
        text("stored_at", item.due().toString());
        json.append('}');
    }

    private EventData data() {
        json.append(']');
        return new EventData(json.toString().getBytes(StandardCharsets.UTF_8), List.of());
    }

    private void text(String name, String value) {
        raw(name, quoted(value));
    }

    private void raw(String name, String value) {
        json.append(",\"").append(name).append("\":").append(value);
    }

    private static String quoted(String text) {
        return new String(JsonStrings.quote(text), StandardCharsets.UTF_8);
    }
}
