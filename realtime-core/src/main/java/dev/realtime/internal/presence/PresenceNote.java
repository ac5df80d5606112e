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

    /** The node wants to know what there is: it has just begun to follow the log, or has missed something. */
    record Hello(String node, long number) implements PresenceNote {
        String name() {
            return node + '#' + number;
        }
    }

    /**
     * How some of the node's sessions are now.
     *
     * @param generation of the restatement that it is part of or comes behind
     * @param ended sessions that have ended there
     */
    record Said(String node, long generation, List<SessionStatement> sessions, List<EndedSession> ended)
            implements PresenceNote {}

    /** A session that has ended at a node whose latest claim of it had this fence. */
    record EndedSession(String id, long fence) {}

    /** The node has said of all its sessions how they are: what it has said under older generations is over. */
    record Restated(String node, long generation) implements PresenceNote {}

    /**
     * The node knows from here on what is to be known, and tells whoever asks.
     *
     * @param anew whether nobody has told it what had been before
     */
    record Ready(String node, boolean anew) implements PresenceNote {}

    /** The node knows no more than whoever has asked. */
    record Unready(String node, String question) implements PresenceNote {}

    /**
     * All that is known at the place of a question, or a part of it.
     *
     * @param question the {@linkplain Hello#name name} of it
     * @param page of so many pages
     * @param nodes those that have presence, on the first page
     * @param ready those of them that know, on the first page
     * @param ended sessions that have been at several nodes, in the order of their ends
     * @param untold edges that nodes made before they knew, in the order of their places, on the first page
     */
    record State(
            String node,
            String question,
            int page,
            int pages,
            List<String> nodes,
            List<String> ready,
            List<Known> sessions,
            List<EndedSession> ended,
            List<UntoldEdge> untold)
            implements PresenceNote {}

    /** A user came or went by the word of a node that could not tell yet that this makes a difference. */
    record UntoldEdge(String node, Position at, String user, boolean online) {}

    /**
     * A node is dead, or has left: its sessions that can be resumed wait for their clients at the heir.
     *
     * @param node the heir, or the node itself if it leaves and nobody inherits anything
     */
    record Gone(String node, String gone) implements PresenceNote {}
}
