package dev.realtime.spi;

/**
 * Where a session is at home. Immutable.
 *
 * @param node the id of the node; empty for a server of another kind
 * @param since the claim with which it came there, after it had been elsewhere; 0 if it began there. A copy of that node which knows no claim
 *     since then is older than what others have done to the session
 * @param fence how often it has been claimed, by that node or others
 */
public record Home(String node, long since, long fence) {

    /** Of a session that begins at this node. */
    public static Home first(String node) {
        return new Home(node, 0, 0);
    }

    /** After a claim of this node. */
    public Home claimedBy(String newNode) {
        return new Home(newNode, newNode.equals(node) ? since : fence + 1, fence + 1);
    }

    /** Whether the owner that knows it as {@code other} has been overtaken by this one: by a later claim, or after the store had lost his. */
    public boolean overtakes(Home other) {
        return fence > other.fence || (fence == other.fence && !node.equals(other.node));
    }

    /**
     * Whether the session is still at home where a copy of it is: it may have been claimed again since, but by nobody else.
     *
     * @param copy the home as that copy knows it
     */
    public boolean isThatOf(Home copy) {
        return node.equals(copy.node) && since <= copy.fence;
    }
}
