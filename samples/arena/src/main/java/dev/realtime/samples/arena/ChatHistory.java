package dev.realtime.samples.arena;

import dev.realtime.samples.arena.Contracts.Said;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** The last lines said in one zone, and their numbers. Thread-safe. */
final class ChatHistory {
    static final int KEPT = 30;

    private final String zone;
    private final Deque<Said> lines = new ArrayDeque<>();
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
        lines.addLast(said);
        if (lines.size() > KEPT) {
            lines.removeFirst();
        }
        return publish.apply(said);
    }

    /** Oldest first. */
    synchronized List<Said> lines() {
        return List.copyOf(lines);
    }
}
