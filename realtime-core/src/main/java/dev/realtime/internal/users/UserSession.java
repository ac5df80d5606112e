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

    /**
     * Ends the session: its client is told in these words first.
     *
     * @param event carries them
     */
    void sendAway(Event<String> event, String words, DisconnectReason reason);
}
