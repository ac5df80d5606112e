package dev.realtime.internal.presence;

import dev.realtime.internal.fanout.Fanout;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.session.LocalSession;
import dev.realtime.internal.session.SessionRegistry;
import dev.realtime.presence.PresenceChange;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spi.Backend;
import dev.realtime.spi.Bus;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.Log;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What presence in a namespace stands on.
 *
 * @param window in which a client may come back to its session; zero without recovery
 * @param share bytes that one client is told at once
 * @param lease how long a node may be silent
 * @param tell told of each edge
 * @param quiet runs when everything has been said
 */
public record PresenceParts(
        PresenceOptions options,
        NodeRuntime runtime,
        Backend backend,
        JsonCodec json,
        Log log,
        Bus bus,
        Fanout<LocalSession> fanout,
        SessionRegistry sessions,
        Duration window,
        int share,
        Duration lease,
        Consumer<PresenceChange> tell,
        Runnable quiet) {}
