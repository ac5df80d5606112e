package dev.realtime.internal.state;

import dev.realtime.spi.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a log says to nodes of a new version.
 *
 * @param contract its name
 * @param json null if the state was removed
 */
record StateNote(
        String contract,
        String key,
        long version,
        long updatedAt,
        String by,
        @Nullable String json) {
    static final String KIND = "state";

    LogEntry.Note note() {
        String line = String.join(
                " ",
                contract,
                StateText.word(key),
                Long.toString(version),
                Long.toString(updatedAt),
                StateText.word(by));
        return new LogEntry.Note(KIND, json == null ? line : line + "\n" + json);
    }

    /** @throws IllegalArgumentException if it is none */
    static StateNote read(String text) {
        int end = text.indexOf('\n');
        String[] words = (end < 0 ? text : text.substring(0, end)).split(" ", -1);
        if (words.length < 5) {
            throw new IllegalArgumentException("no change of a state is written as '" + words[0] + "'");
        }
        return new StateNote(
                words[0],
                StateText.read(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                StateText.read(words[4]),
                end < 0 ? null : text.substring(end + 1));
    }
}
