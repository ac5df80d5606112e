package dev.realtime.javadoc;

import dev.realtime.Attribute;
import dev.realtime.Realtime;
import dev.realtime.SessionView;
import org.jspecify.annotations.Nullable;

/** What the Javadoc of {@link SessionView} shows. */
final class SessionViewExamples {
    /** Somewhere to write on. */
    interface Board {
        void add(String player, @Nullable String team);
    }

    static final Attribute<String> TEAM = Attribute.recorded("team", String.class);

    private SessionViewExamples() {}

    static void show(Realtime realtime, Board board) {
        realtime.namespace("/").room("match:7").fetch().thenAccept(found -> {
            for (SessionView player : found.sessions()) {
                board.add(player.principal().id(), player.get(TEAM));
            }
        });
    }
}
