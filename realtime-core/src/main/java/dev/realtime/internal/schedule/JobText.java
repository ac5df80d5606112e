package dev.realtime.internal.schedule;

import dev.realtime.spi.EventData;
import dev.realtime.spi.EventTerms;
import dev.realtime.spi.LogEntry;
import dev.realtime.spi.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An event that is to be emitted later as a text: its name, whom it is for, what it says, what is said of it, and for whom it counts, each part behind its length. The first character is the
 * version of this form.
 */
final class JobText {
    private static final char VERSION = '1';

    private final String text;
    private int at = 1;

    private JobText(String text) {
        this.text = text;
    }

    /** @param owner for whom it counts; empty: for nobody */
    static String of(String name, LogEntry.Emit emit, String owner) {
        StringBuilder out = new StringBuilder().append(VERSION);
        part(out, name);
        parts(out, emit.target().rooms());
        parts(out, emit.target().except());
        part(out, new String(emit.event().json(), StandardCharsets.UTF_8));
        parts(
                out,
                emit.event().attachments().stream()
                        .map(Base64.getEncoder()::encodeToString)
                        .toList());
        part(out, String.valueOf(emit.terms().lifeMillis()));
        List<String> headers = new ArrayList<>();
        emit.terms().headers().forEach((header, value) -> {
            headers.add(header);
            headers.add(value);
        });
        parts(out, headers);
        part(out, owner); // behind everything else: nodes of before do not look for it
        return out.toString();
    }

    private static void part(StringBuilder out, String part) {
        out.append(part.length()).append(':').append(part);
    }

    private static void parts(StringBuilder out, Iterable<String> parts) {
        List<String> all = new ArrayList<>();
        parts.forEach(all::add);
        part(out, String.valueOf(all.size()));
        all.forEach(one -> part(out, one));
    }

    /** @throws IllegalArgumentException if it is no such text */
    static String name(String text) {
        return reader(text).part();
    }

    /** @throws IllegalArgumentException if it is no such text */
    static LogEntry.Emit emit(String text) {
        JobText in = reader(text);
        in.part();
        Set<String> rooms = new LinkedHashSet<>(in.parts());
        Set<String> except = new LinkedHashSet<>(in.parts());
        byte[] json = in.part().getBytes(StandardCharsets.UTF_8);
        List<byte[]> attachments =
                in.parts().stream().map(Base64.getDecoder()::decode).toList();
        EventTerms terms = in.terms();
        return new LogEntry.Emit(new Target(rooms, except, null), new EventData(json, attachments), terms);
    }

    /**
     * Returns for whom it counts; empty: for nobody.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    static String owner(String text) {
        JobText in = reader(text);
        in.part();
        in.parts();
        in.parts();
        in.part();
        in.parts();
        in.terms();
        return in.at < text.length() ? in.part() : "";
    }

    private EventTerms terms() {
        long life = Long.parseLong(part());
        List<String> headers = parts();
        Map<String, String> byName = new HashMap<>();
        for (int i = 0; i + 1 < headers.size(); i += 2) {
            byName.put(headers.get(i), headers.get(i + 1));
        }
        return new EventTerms(life, byName);
    }

    private static JobText reader(String text) {
        if (text.isEmpty() || text.charAt(0) != VERSION) {
            throw new IllegalArgumentException("a scheduled event of another version");
        }
        return new JobText(text);
    }

    private String part() {
        int colon = text.indexOf(':', at);
        if (colon < 0) {
            throw new IllegalArgumentException("a scheduled event without an end");
        }
        int end = colon + 1 + Integer.parseInt(text, at, colon, 10);
        if (end < colon + 1 || end > text.length()) {
            throw new IllegalArgumentException("a scheduled event without an end");
        }
        at = end;
        return text.substring(colon + 1, end);
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (int left = Integer.parseInt(part()); left > 0; left--) {
            parts.add(part());
        }
        return parts;
    }
}
