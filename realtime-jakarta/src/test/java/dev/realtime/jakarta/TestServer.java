package dev.realtime.jakarta;

import java.net.URI;

/** A container that serves one engine on a free loopback port. */
public interface TestServer extends AutoCloseable {

    /** {@code http://127.0.0.1:port}, without a trailing slash. */
    URI uri();

    @Override
    void close();
}
