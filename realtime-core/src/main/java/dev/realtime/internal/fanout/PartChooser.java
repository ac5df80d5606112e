package dev.realtime.internal.fanout;

import dev.realtime.Position;
import java.util.BitSet;

/**
 * Says what a recipient is told now of an event in parts.
 *
 * @param <M> the recipients
 */
@FunctionalInterface
public interface PartChooser<M> {

    /**
     * Chooses in the fan-out's turn.
     *
     * @param his the parts that are for this recipient
     * @return some of them; it gets nothing if there are none
     */
    BitSet choose(M recipient, Position at, PartedEvent event, BitSet his);
}
