package dev.realtime.samples.arena;

import dev.realtime.samples.arena.Contracts.Said;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/** The last lines said in one zone on any node, and their numbers. Thread-safe. */
final class ChatHistory {
    static final int KEPT = 30;

    private final String zone;
    private final TreeSet<Said> lines = new TreeSet<>(
            Comparator.comparingLong(Said::seq).thenComparing(Said::at).thenComparing(Said::from));
    private long seq;

    ChatHistory(String zone) {
        this.zone = zone;
    }

    /**
     * Adds a line and hands it to {@code publish} before another line can get the next number, so that everybody hears the lines in
     * the order of their numbers. {@code publish} must not block.
     */
    synchronized <R> R say(Player from, String text, long at, Function<Said, R> publish) {
        Said said = new Said(++seq, zone, from.id(), from.name(), from.colour(), text, at);
        keep(said);
        return publish.apply(said);
    }

    /** Adds a line that was said on another node; the next one here gets a higher number. Harmless if it is known. */
    synchronized void heard(Said said) {
        seq = Math.max(seq, said.seq());
        keep(said);
    }

    private void keep(Said said) {
        lines.add(said);
        if (lines.size() > KEPT) {
            lines.pollFirst();
        }
    }

    /** Oldest first. */
    synchronized List<Said> lines() {
        return List.copyOf(lines);
    }
}
