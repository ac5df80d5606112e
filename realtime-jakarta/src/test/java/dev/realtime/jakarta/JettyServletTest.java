package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;

final class JettyServletTest extends ServletContract {
    @Override
    TestServer start(TransportDoors served) {
        return Containers.jetty(served);
    }
}
