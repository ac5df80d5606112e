package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;

final class UndertowServletTest extends ServletContract {
    @Override
    TestServer start(TransportDoors served) {
        return Containers.undertow(served);
    }
}
