package dev.realtime.testkit.contract;

import java.net.URI;

/**
 * A server under test.
 *
 * @param address scheme, host and port, such as {@code http://127.0.0.1:8080}
 * @param stop ends it and releases the port
 */
public record RunningServer(URI address, AutoCloseable stop) {}
