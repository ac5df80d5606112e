package dev.realtime.internal.fanout;

import dev.realtime.Position;
import java.util.List;

/**
 * A part of what a session missed.
 *
 * @param deliveries in order; the session's rooms may tell, its memberships decide
 * @param through there is nothing further up to here
 * @param complete whether nothing further is known at the moment
 */
public record ReplayBatch(List<Delivery> deliveries, Position through, boolean complete) {}
