package dev.realtime.internal.outbox;

import java.util.Comparator;

/**
 * An outbox whose client is behind, as it was at one moment.
 *
 * @param bytes that it makes the node hold: of what others hold too, its share
 * @param since when its client has taken nothing, by {@link System#nanoTime}'s rules
 */
public record Offender(Outbox outbox, long bytes, long since) {
    /**
     * Those who hold most come first, and of two who hold as much the one that has taken nothing for longer. Many who hold the same hold little each; and
     * who has stalled first holds what everybody else holds and more, so that with it goes what nobody else has any more.
     */
    public static final Comparator<Offender> WORST_FIRST = Comparator.comparingLong(Offender::bytes)
            .reversed()
            .thenComparing((one, other) -> Long.signum(one.since - other.since));
}
