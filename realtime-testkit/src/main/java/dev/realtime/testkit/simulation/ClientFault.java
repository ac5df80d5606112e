package dev.realtime.testkit.simulation;

/** Something that may go wrong with a client, or that clients do at the worst moment. */
public enum ClientFault {
    /** The connection breaks and the server notices; the client comes back with its private id and offset, to any node. */
    DROP(4),
    /** The connection breaks and the server does not notice before its heartbeat does. */
    LOSE_NETWORK(2),
    /** The client closes its connection in good order, and comes back. */
    CLOSE(1),
    /** The client leaves the namespace: its session ends, and it comes back as somebody new. */
    LEAVE(1),
    /** The client stops reading for a while. */
    STALL(3),
    /** The client begins with long-polling, and upgrades in the middle of it all. */
    UPGRADE(3),
    /** The client does up to twenty things at once. */
    BURST(2);

    private final int weight;

    ClientFault(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }
}
