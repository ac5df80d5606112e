package dev.realtime.spi;

import java.util.Set;

/**
 * What a namespace's log records: reliable events, the changes of membership and connections that an audience was told to make, and what the nodes tell
 * each other in between. All stand in one order, so that {@code audience.join(room)} followed by {@code room.emit(…)} reaches exactly those who joined.
 */
public sealed interface LogEntry {

    Target target();

    /**
     * A reliable event.
     *
     * @param terms what the server says of it, for the nodes
     */
    record Emit(Target target, EventData event, EventTerms terms) implements LogEntry {
        /** An event of which nothing is said. */
        public Emit(Target target, EventData event) {
            this(target, event, EventTerms.NONE);
        }
    }

    /** The audience joins these rooms. */
    record Join(Target target, Set<String> rooms) implements LogEntry {}

    /** The audience leaves these rooms. */
    record Leave(Target target, Set<String> rooms) implements LogEntry {}

    /**
     * The audience is disconnected from the namespace by the server.
     *
     * @param closeConnection whether the whole connection is closed with it
     */
    record Disconnect(Target target, boolean closeConnection) implements LogEntry {}

    /**
     * A note of one node to all: no client ever sees it. It has a place among the events, so all nodes that follow the log know the same when they come
     * to it. Nodes that know nothing of its kind take no notice.
     *
     * @param kind the feature that it is for
     * @param text what it says
     */
    record Note(String kind, String text) implements LogEntry {
        @Override
        public Target target() {
            return Target.EVERYBODY;
        }
    }
}
