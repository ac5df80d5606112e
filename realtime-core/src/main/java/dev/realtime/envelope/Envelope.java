package dev.realtime.envelope;

import java.time.Instant;
import java.util.Optional;

/**
 * What the server says of an event that it emits. Nothing in it comes from a client: the sender is the user whose session the event was emitted for, as
 * his credentials said, and the time is that of the emitting node.
 *
 * @param event the name of the event
 * @param time when it was emitted
 * @param senderId the user that it is from, if it is from one; nobody for what the server says by itself, and for users without a name
 * @param category the {@linkplain dev.realtime.Event#category category} of its contract, if it has one
 * @param expiresAt when it {@linkplain dev.realtime.Event#expiresAfter expires}, if it does
 */
public record Envelope(
        String event,
        Instant time,
        Optional<String> senderId,
        Optional<String> category,
        Optional<Instant> expiresAt) {}
