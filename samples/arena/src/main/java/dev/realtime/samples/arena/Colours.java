package dev.realtime.samples.arena;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands out colours in turn, so that people who come one after another can be told apart. Thread-safe. */
final class Colours {
    /** For somebody whose token names none. */
    static final String PLAIN = "#b9bfd0";

    private static final List<String> ALL = List.of(
            "#e8735a", "#5cc4d6", "#f2d16b", "#b98af0", "#9ccf6b", "#f08aa5", "#6fa3ef", "#f2a65a", "#5fc9a1",
            "#e58ad0");

    private final AtomicInteger given;

    private Colours(int first) {
        given = new AtomicInteger(first);
    }

    /** Every node begins somewhere else, so that the first at each can be told apart, too. */
    static Colours from(String node) {
        return new Colours(node.hashCode());
    }

    String next() {
        return ALL.get(Math.floorMod(given.getAndIncrement(), ALL.size()));
    }
}
