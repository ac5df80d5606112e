package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ConnectionContract;
import dev.realtime.testkit.contract.RealSocketTransport;

/** What the servlet in Undertow owes the engine for each connection. */
final class UndertowConnectionTest extends ConnectionContract {
    @Override
    protected Served serve(TransportDoors served) {
        TestServer server = Containers.undertow(served);
        return new RealSocketTransport(server.uri(), server::close);
    }
}
