package dev.realtime.spi;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Carries messages between the nodes that serve a namespace, at once and without keeping them: what is sent while a node cannot hear
 * is lost to it. Messages of one node arrive in its order. Thread-safe; no method blocks.
 */
public interface Bus {
    /** The bus of what nodes themselves say to each other; no namespace has this name, since theirs begin with a slash. */
    String NODES = "nodes";

    /** To all other nodes. */
    void publish(BusMessage message);

    /** To one node; to nobody if it is not there. */
    void send(String node, BusMessage message);

    /**
     * Hears what other nodes send, never what this one does. There is one listener: another takes its place.
     *
     * @param listener called by one thread at a time, which must not be held up
     */
    Registration subscribe(Listener listener);

    /** How many other nodes hear this namespace now. Completes exceptionally when that cannot be found out. */
    CompletionStage<Integer> others();

    /** Which of these nodes hear this namespace now. Completes exceptionally when that cannot be found out. */
    CompletionStage<Set<String>> hearing(Set<String> nodes);

    /** This node serves the namespace no longer. */
    void close();

    /** Hears the bus. */
    @FunctionalInterface
    interface Listener {
        /** @param from the node that sent it, to be answered with {@link Bus#send} */
        void message(String from, BusMessage message);
    }
}
