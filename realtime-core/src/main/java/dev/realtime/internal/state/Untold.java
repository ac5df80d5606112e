package dev.realtime.internal.state;

import java.util.ArrayList;
import java.util.List;

/**
 * What the log has to say of a write, and whoever made the write may not have told it.
 *
 * @param change whether there is a new version
 * @param conflicts how many copies were in conflict, which was resolved; 0 if none was
 * @param watchers ids of sessions that begin to watch
 */
record Untold(boolean change, int conflicts, List<String> watchers) {
    static final Untold NOTHING = new Untold(false, 0, List.of());
    static final Untold CHANGE = new Untold(true, 0, List.of());

    Untold {
        watchers = List.copyOf(watchers);
    }

    boolean isNothing() {
        return !change && conflicts == 0 && watchers.isEmpty();
    }

    /** Without a blank. Ids have letters, digits, {@code -} and {@code _}. */
    String text() {
        List<String> parts = new ArrayList<>();
        if (change) {
            parts.add("c");
        }
        if (conflicts > 0) {
            parts.add("r" + conflicts);
        }
        if (!watchers.isEmpty()) {
            parts.add("w" + String.join("+", watchers));
        }
        return String.join(",", parts);
    }

    static Untold parse(String text) {
        boolean change = false;
        int conflicts = 0;
        List<String> watchers = List.of();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String rest = part.substring(1);
            switch (part.charAt(0)) {
                case 'c' -> change = true;
                case 'r' -> conflicts = Integer.parseInt(rest);
                case 'w' -> watchers = List.of(rest.split("\\+", -1));
                default -> throw new IllegalArgumentException("nothing is told by '" + part + "'");
            }
        }
        return new Untold(change, conflicts, watchers);
    }
}
