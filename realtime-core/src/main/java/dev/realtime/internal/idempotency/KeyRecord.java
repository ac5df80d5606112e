package dev.realtime.internal.idempotency;

import dev.realtime.ErrorCode;
import dev.realtime.internal.idempotency.Outcome.Refused;
import dev.realtime.internal.idempotency.Outcome.Replied;
import dev.realtime.spi.EventData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store has of a key: who handles it, and until when nobody else may; or what came of it. As a text it begins with a line of words: the version of the form, the kind,
 * the attempt, and what the kind needs. Behind a reply's line come its attachments, each a line in base64, and its JSON; behind a refusal's its message.
 */
sealed interface KeyRecord {
    /** Of JSON, attachments as text, and messages: together with the first line less than a value may have. */
    int MOST_BYTES = 15 << 10;

    String VERSION = "1";
    String RUNNING = "running";
    String REPLIED = "replied";
    String REFUSED = "refused";

    /** Who has written it: no two attempts have the same. */
    String attempt();

    /** @param until the end of its lease, in milliseconds of the store's clock */
    record Running(String attempt, long until) implements KeyRecord {}

    record Answered(String attempt, Outcome outcome) implements KeyRecord {}

    static String text(String attempt, long until) {
        return VERSION + " " + RUNNING + " " + attempt + " " + until;
    }

    /** What is kept in place of an answer: that one itself, unless it is too large. */
    static Outcome bounded(Outcome outcome) {
        return isSmall(outcome) ? outcome : Outcome.refused(ErrorCode.ALREADY_HANDLED);
    }

    static boolean isSmall(Outcome outcome) {
        if (outcome instanceof Refused refused) {
            return refused.code().length() * 4L + refused.message().length() * 3L <= MOST_BYTES;
        }
        return size(((Replied) outcome).arguments()) <= MOST_BYTES;
    }

    private static long size(EventData arguments) {
        long size = arguments.json().length;
        for (byte[] attachment : arguments.attachments()) {
            size += attachment.length / 3L * 4 + 5;
        }
        return size;
    }

    static String text(String attempt, Outcome outcome) {
        if (outcome instanceof Refused refused) {
            byte[] code = refused.code().getBytes(StandardCharsets.UTF_8);
            return VERSION + " " + REFUSED + " " + attempt + " "
                    + Base64.getEncoder().encodeToString(code) + "\n" + refused.message();
        }
        EventData arguments = ((Replied) outcome).arguments();
        StringBuilder text = new StringBuilder(VERSION).append(' ').append(REPLIED);
        text.append(' ').append(attempt).append(' ');
        text.append(arguments.attachments().size()).append('\n');
        for (byte[] attachment : arguments.attachments()) {
            text.append(Base64.getEncoder().encodeToString(attachment)).append('\n');
        }
        return text.append(new String(arguments.json(), StandardCharsets.UTF_8)).toString();
    }

    /** @return null for what another version has written */
    static @Nullable KeyRecord parse(String text) {
        int end = text.indexOf('\n');
        String[] words = (end < 0 ? text : text.substring(0, end)).split(" ", -1);
        if (words.length != 4 || !words[0].equals(VERSION)) {
            return null;
        }
        try {
            return switch (words[1]) {
                case RUNNING -> new Running(words[2], Long.parseLong(words[3]));
                case REPLIED -> new Answered(words[2], replied(Integer.parseInt(words[3]), text, end + 1));
                case REFUSED ->
                    new Answered(
                            words[2],
                            new Refused(
                                    new String(Base64.getDecoder().decode(words[3]), StandardCharsets.UTF_8),
                                    text.substring(end + 1),
                                    null));
                default -> null;
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException later) {
            return null;
        }
    }

    private static Outcome replied(int attachments, String text, int from) {
        List<byte[]> data = new ArrayList<>();
        int at = from;
        for (int i = 0; i < attachments; i++) {
            int end = text.indexOf('\n', at);
            data.add(Base64.getDecoder().decode(text.substring(at, end)));
            at = end + 1;
        }
        return new Replied(new EventData(text.substring(at).getBytes(StandardCharsets.UTF_8), List.copyOf(data)));
    }
}
