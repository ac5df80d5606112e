package dev.realtime.presence;

import dev.realtime.Position;

/**
 * A user has come online, or has gone offline.
 *
 * @param online whether he has a session now, and had none before
 * @param position where in the namespace's log: whoever hears of it on several nodes knows by that what came first
 */
public record PresenceChange(String userId, boolean online, Position position) {}
