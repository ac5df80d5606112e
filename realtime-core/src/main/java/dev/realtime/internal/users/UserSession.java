package dev.realtime.internal.users;

import dev.realtime.DisconnectReason;
import dev.realtime.Event;
import dev.realtime.Namespace;
import dev.realtime.Principal;
import org.jspecify.annotations.Nullable;

/** A session of this node, as far as its user is concerned. Thread-safe. */
public interface UserSession {
    String id();

    /** Null without recovery. */
    @Nullable
    String privateId();

    Namespace namespace();

    Principal principal();

    /** Its user may do other things than before: it leaves the rooms in which it may not be any more. */
    void recheckRooms();

    /**
     * Ends the session: its client is told in these words first.
     *
     * @param event carries them
     */
    void sendAway(Event<String> event, String words, DisconnectReason reason);
}
