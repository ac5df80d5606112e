package dev.realtime.internal.mail;

import dev.realtime.mail.Importance;
import dev.realtime.mail.MailMessage;
import dev.realtime.spi.Queues.Queued;
import java.time.Instant;
import java.util.Optional;

/**
 * A message as a text in its mailbox: each part behind its length, a part that is missing as {@code -}. The first character is the version of this form; parts that a newer one has at its end are not read.
 *
 * @param content JSON
 * @param metadata JSON
 * @param event the name under which clients that are there get it; missing: they get it as all others do
 * @param arguments of that event, JSON, each behind a comma; missing: the content alone
 */
record MailText(
        String type,
        Optional<String> senderId,
        Optional<String> senderName,
        String content,
        Optional<String> metadata,
        Importance importance,
        Instant createdAt,
        Optional<String> event,
        Optional<String> arguments) {
    private static final char VERSION = '1';

    String text() {
        StringBuilder out = new StringBuilder().append(VERSION);
        part(out, Optional.of(type));
        part(out, senderId);
        part(out, senderName);
        part(out, Optional.of(content));
        part(out, metadata);
        part(out, Optional.of(importance.name()));
        part(out, Optional.of(createdAt.toString()));
        part(out, event);
        part(out, arguments);
        return out.toString();
    }

    private static void part(StringBuilder out, Optional<String> part) {
        part.ifPresentOrElse(text -> out.append(text.length()).append(':').append(text), () -> out.append('-'));
    }

    /** @throws RuntimeException if it is no such text */
    static MailText read(String text) {
        Parts in = new Parts(text);
        return new MailText(
                in.next().orElseThrow(),
                in.next(),
                in.next(),
                in.next().orElseThrow(),
                in.next(),
                Importance.valueOf(in.next().orElseThrow()),
                Instant.parse(in.next().orElseThrow()),
                in.next(),
                in.next());
    }

    /** As the application sees it. */
    MailMessage message(Queued item) {
        return new MailMessage(
                item.id(),
                type,
                senderId,
                senderName,
                content,
                metadata,
                importance,
                createdAt,
                item.due(),
                item.end());
    }

    /** What is left of a text. */
    private static final class Parts {
        private final String text;
        private int at = 1;

        Parts(String text) {
            if (text.isEmpty() || text.charAt(0) != VERSION) {
                throw new IllegalArgumentException("a message of another version");
            }
            this.text = text;
        }

        Optional<String> next() {
            if (at == text.length()) {
                return Optional.empty(); // an older one has fewer parts
            }
            if (text.charAt(at) == '-') {
                at++;
                return Optional.empty();
            }
            int colon = text.indexOf(':', at);
            int end = colon + 1 + Integer.parseInt(text, at, colon, 10);
            at = end;
            return Optional.of(text.substring(colon + 1, end));
        }
    }
}
