package dev.realtime.redis.internal.bus;

/** The names of upstream's channels. */
public record Channels(String prefix) {

    /** Heard by all nodes that serve the namespace. */
    public String everybody(String namespace) {
        return prefix + '#' + namespace + '#';
    }

    /** Heard by one node. */
    public String node(String namespace, String node) {
        return prefix + '#' + namespace + '#' + node + '#';
    }
}
