package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;

final class TomcatServletTest extends ServletContract {
    @Override
    TestServer start(TransportDoors served) {
        return Containers.tomcat(served);
    }
}
