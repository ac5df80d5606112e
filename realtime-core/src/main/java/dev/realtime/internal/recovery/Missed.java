package dev.realtime.internal.recovery;

import dev.realtime.Position;
import dev.realtime.internal.outbox.OutboundMessage;

/** An event that a session has missed, as its client gets it. */
record Missed(Position position, OutboundMessage message) {}
