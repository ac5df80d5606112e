package dev.realtime.redis.internal.bus;

/**
 * The names of upstream's channels. They are put together with {@code #}, so neither a namespace nor a node may have one in its name: {@code /a#n}
 * would be the namespace whose channel is that of node {@code n}.
 */
public record Channels(String prefix) {
    private static final char MARK = '#';

    /**
     * Heard by all nodes that serve the namespace.
     *
     * @throws IllegalArgumentException when the name holds a {@code #}
     */
    public String everybody(String namespace) {
        return prefix + MARK + checked(namespace) + MARK;
    }

    /**
     * Heard by one node.
     *
     * @throws IllegalArgumentException when a name holds a {@code #}
     */
    public String node(String namespace, String node) {
        return everybody(namespace) + checked(node) + MARK;
    }

    /** Whether a name can be part of a channel's. */
    static boolean isPart(String name) {
        return name.indexOf(MARK) < 0;
    }

    private static String checked(String name) {
        if (!isPart(name)) {
            throw new IllegalArgumentException("a namespace or node has '" + MARK + "' in its name: " + name);
        }
        return name;
    }
}
