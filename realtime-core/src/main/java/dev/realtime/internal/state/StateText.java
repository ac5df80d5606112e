package dev.realtime.internal.state;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the store has under the name of a state: a line about the last write, and the value behind it.
 *
 * @param version of the state; 0: the one that the store has given to this write
 * @param updatedAt milliseconds, when the state got its version
 * @param writtenAt milliseconds, when this was written
 * @param writers names of the last write of each node, this one first: a node has one under way at a time, so whoever got no answer finds out what has become of it
 * @param epoch of the backend when this was written
 * @param by who has changed the state
 * @param untold what the log has to say of this write
 * @param json null if there is no value
 */
record StateText(
        long version,
        long updatedAt,
        long writtenAt,
        List<String> writers,
        String epoch,
        String by,
        Untold untold,
        @Nullable String json) {
    private static final int MOST_WRITERS = 16; // nodes

    private static final String FORM = "1";

    StateText {
        writers = List.copyOf(writers);
    }

    /** Characters, about. */
    int size() {
        int size = by.length() + (json == null ? 0 : json.length());
        for (String writer : writers) {
            size += writer.length();
        }
        return size;
    }

    /** The name of this write. */
    String writer() {
        return writers.get(0);
    }

    /** Whether a write has been done, the last one or one before it. */
    boolean isFrom(String writer) {
        return writers.contains(writer);
    }

    /** The name of a write of a node that has no other. */
    static String writer(String node, long number) {
        return word(node) + ":" + number;
    }

    /** The names for a write behind that of another text. */
    static List<String> writers(String writer, @Nullable StateText before) {
        String node = writer.substring(0, writer.indexOf(':') + 1);
        List<String> all = new ArrayList<>();
        all.add(writer);
        for (String other : before == null ? List.<String>of() : before.writers) {
            if (all.size() < MOST_WRITERS && !other.startsWith(node)) {
                all.add(other);
            }
        }
        return all;
    }

    String text() {
        String line = String.join(
                " ",
                FORM,
                Long.toString(version),
                Long.toString(updatedAt),
                Long.toString(writtenAt),
                String.join(",", writers),
                word(epoch),
                word(by),
                untold.text());
        return json == null ? line : line + "\n" + json;
    }

    /** @throws IllegalArgumentException if it is none */
    static StateText parse(String text) {
        int end = text.indexOf('\n');
        String[] words = (end < 0 ? text : text.substring(0, end)).split(" ", -1);
        if (words.length < 8 || !words[0].equals(FORM)) {
            throw new IllegalArgumentException("the stored state has a form that is not known here");
        }
        return new StateText(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                List.of(words[4].split(",", -1)),
                read(words[5]),
                read(words[6]),
                Untold.parse(words[7]),
                end < 0 ? null : text.substring(end + 1));
    }

    static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String read(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
