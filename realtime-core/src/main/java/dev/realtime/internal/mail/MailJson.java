package dev.realtime.internal.mail;

import dev.realtime.internal.json.JsonStrings;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Queues.Queued;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A message as its clients get it: the names of its parts are here and nowhere else. */
final class MailJson {
    private final StringBuilder json = new StringBuilder();

    private MailJson() {}

    /** The arguments of the event that delivers it, its name first. */
    static EventData event(String event, Queued item, MailText message) {
        MailJson out = new MailJson();
        out.json.append('[').append(quoted(event)).append(",{\"id\":").append(quoted(item.id()));
        out.text("type", message.type());
        message.senderId().ifPresent(id -> out.text("sender_id", id));
        message.senderName().ifPresent(name -> out.text("sender_name", name));
        out.raw("content", message.content());
        message.metadata().ifPresent(metadata -> out.raw("metadata", metadata));
        out.text("importance", message.importance().word());
        out.text("created_at", message.createdAt().toString());
        out.text("stored_at", item.due().toString());
        out.json.append("}]");
        return new EventData(out.json.toString().getBytes(StandardCharsets.UTF_8), List.of());
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
