package dev.realtime.internal.presence;

import dev.realtime.Position;
import dev.realtime.internal.presence.PresenceFold.Known;
import java.util.List;

/** What nodes say to each other of their sessions, in the log of a namespace. */
sealed interface PresenceNote {
    /** Under which it stands in the log. */
    String KIND = "presence";

    /** The node that says it. */
    String node();

    /**
     * The node does not know what there is, and asks: it has just begun to follow the log, or has missed something.
     *
     * @param epoch of the history that it follows
     * @param knew whether it did know before
     */
    record Hello(String node, long number, String epoch, boolean knew) implements PresenceNote {
        String name() {
            return node + '#' + number;
        }
    }

    /**
     * How some of the node's sessions are now.
     *
     * @param ended sessions that have ended there
     */
    record Said(String node, List<SessionStatement> sessions, List<EndedSession> ended) implements PresenceNote {}

    /** A session that has ended at a node whose latest claim of it had this fence. */
    record EndedSession(String id, long fence) {}

    /** The node stops: it answers nobody any more, and tells the application nothing of what stands behind this. */
    record Leaving(String node) implements PresenceNote {}

    /**
     * All that is to be known at a place, or a part of it. Whoever has asked knows from the place of the last page on. A node that answers itself, since
     * nobody else does, begins anew: {@link Completeness} says for whom that counts.
     *
     * @param question the {@linkplain Hello#name name} of it
     * @param at the place: that of the question, or from which the node begins anew
     * @param page of so many pages
     * @param answered where somebody has been told the state last
     * @param nodes those that have presence, on the first page
     * @param ready those of them that know, on the first page
     * @param ended sessions that have been at several nodes, in the order of their ends, on the first page
     */
    record State(
            String node,
            String question,
            Position at,
            int page,
            int pages,
            Position answered,
            List<String> nodes,
            List<String> ready,
            List<Known> sessions,
            List<EndedSession> ended)
            implements PresenceNote {
        String asker() {
            return question.substring(0, question.lastIndexOf('#'));
        }

        /** Whether the node begins anew. */
        boolean isBeginning() {
            return asker().equals(node);
        }

        boolean isLast() {
            return page == pages - 1;
        }

        /** What it says without what it holds. */
        State mark() {
            return new State(node, question, at, page, pages, answered, List.of(), ready, List.of(), List.of());
        }
    }

    /**
     * A node is dead, or has left: its sessions that can be resumed wait for their clients at the heir.
     *
     * @param node the heir, or the node itself if it leaves and nobody inherits anything
     */
    record Gone(String node, String gone) implements PresenceNote {}
}
