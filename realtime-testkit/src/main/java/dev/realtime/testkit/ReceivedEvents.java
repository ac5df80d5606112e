package dev.realtime.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events that a client has received, and which of them the test has read. Not thread-safe. */
final class ReceivedEvents {
    /** So many of them are shown in an error message. */
    private static final int SHOWN = 50;

    private final List<ReceivedEvent> all = new ArrayList<>();
    private final List<ReceivedEvent> unread = new ArrayList<>();

    /** @param read whether the test need not look at it, since the client has answered it by itself */
    void add(ReceivedEvent event, boolean read) {
        all.add(event);
        if (!read) {
            unread.add(event);
        }
    }

    /** Reads the oldest unread event of this name. */
    Optional<ReceivedEvent> take(String name) {
        for (ReceivedEvent event : unread) {
            if (event.name().equals(name)) {
                unread.remove(event);
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    boolean hasUnread(String name) {
        return unread.stream().anyMatch(event -> event.name().equals(name));
    }

    /** All of them, read or not, in order. */
    List<ReceivedEvent> all() {
        return List.copyOf(all);
    }

    /** What the server has asked and waits for. */
    List<ReceivedEvent> unanswered() {
        return unread.stream().filter(event -> event.ackId() != null).toList();
    }

    /** For an error message. */
    String describe() {
        if (all.isEmpty()) {
            return "\n  and has received nothing";
        }
        StringBuilder text = new StringBuilder("\n  and has received:");
        int from = Math.max(0, all.size() - SHOWN);
        if (from > 0) {
            text.append("\n    … ").append(from).append(" earlier");
        }
        all.subList(from, all.size())
                .forEach(event -> text.append("\n    ")
                        .append(event.name())
                        .append(' ')
                        .append(event.arguments())
                        .append(event.offset() == null ? "" : " at " + event.offset())
                        .append(unread.contains(event) ? "" : " (read)"));
        return text.toString();
    }
}
