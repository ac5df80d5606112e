package dev.realtime.benchmarks.page;

/**
 * A server on the page.
 *
 * @param server as the results name it
 * @param label for readers
 */
record Peer(String server, String label) {}
