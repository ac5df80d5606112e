package dev.realtime.redis;

/**
 * Redis could not be reached, so a reliable event went to the sessions of this node only and is not in the log. Nodes that were apart
 * do not agree any more: the epoch changes when Redis is back.
 */
public final class DeliveredLocallyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeliveredLocallyException() {
        super("Redis cannot be reached: the event went to the sessions of this node only");
    }
}
