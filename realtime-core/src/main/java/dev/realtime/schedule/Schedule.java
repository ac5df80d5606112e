package dev.realtime.schedule;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The events of a namespace that are to be emitted later, on whatever node they were scheduled: {@link dev.realtime.Audience#emitAfter} and
 * {@link dev.realtime.Audience#emitAt} put them here.
 *
 * <pre>{@code
 * CompletionStage<ScheduledEvent> end = game.room("match:7").emitAfter(Duration.ofMinutes(10), OVER, result);
 *
 * end.thenCompose(event -> game.schedule().cancel(event.id()));
 * }</pre>
 *
 * <p>An event is emitted once, whatever nodes are killed meanwhile; docs/schedule.md says what a backend that loses data can do to it. Thread-safe; nothing
 * blocks.
 */
public interface Schedule {

    /**
     * Lists what is to be emitted, what is due first.
     *
     * @param from the {@link ScheduledPage#next} of the page before; null for the first one
     * @param limit how many at most, from 1 to 1,000
     */
    CompletionStage<ScheduledPage> list(@Nullable String from, int limit);

    /**
     * Cancels an event. Who has cancelled one hears the same again for half an hour.
     *
     * @param id see {@link ScheduledEvent#id}
     * @return completes with true exactly if it was to be emitted and will not be; with false if it has been, or the namespace does not know it. Exceptionally if
     *     the backend did not answer: then it may be cancelled or not, and who calls again learns it
     */
    CompletionStage<Boolean> cancel(String id);
}
