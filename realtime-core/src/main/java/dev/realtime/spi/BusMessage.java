package dev.realtime.spi;

import dev.realtime.SessionView;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What nodes tell and ask each other. Questions carry an id that is unique in the cluster; answers repeat it. */
public sealed interface BusMessage {

    /**
     * An event that may be lost.
     *
     * @param coalesceKey those of the same key replace each other while they wait
     */
    record Volatile(
            Target target, EventData event, @Nullable String coalesceKey) implements BusMessage {}

    /** A request to the connected clients of an audience. Each node says {@link Asked} once, then {@link Answered} for each answer. */
    record Ask(String id, Target target, EventData request, Duration timeout) implements BusMessage {}

    /**
     * How many clients of the sender were asked.
     *
     * @param sessions who they are; empty if the sender does not say
     */
    record Asked(String id, int count, Set<String> sessions) implements BusMessage {}

    /**
     * A client's answer.
     *
     * @param session who answered; null if the sender does not say
     * @param answer its arguments; null when the client was lost before it answered
     */
    record Answered(
            String id, @Nullable String session, @Nullable EventData answer) implements BusMessage {}

    /** Asks who is in an audience. */
    record Fetch(String id, Target target) implements BusMessage {}

    /** Those of the sender's sessions that are. */
    record Fetched(String id, List<SessionView> sessions) implements BusMessage {}

    /**
     * From the application on one node to the application on the others.
     *
     * @param id null when no answer is wanted
     * @param terms what goes along with it; servers of another kind take no notice of it
     */
    record ServerEvent(@Nullable String id, EventData event, EventTerms terms) implements BusMessage {

        /** One with which nothing goes along. */
        public ServerEvent(@Nullable String id, EventData event) {
            this(id, event, EventTerms.NONE);
        }
    }

    /** The answer of the application on one node: the arguments. */
    record ServerReply(String id, EventData answer) implements BusMessage {}

    /** To the former home of a session: it goes on elsewhere, under this fence. */
    record TakenOver(String sessionId, long fence) implements BusMessage {}
}
