package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ConnectionContract;
import dev.realtime.testkit.contract.SocketTransport;
import org.junit.jupiter.api.Tag;

/** What the servlet in Tomcat owes the engine for each connection. */
@Tag("tomcat")
final class TomcatConnectionTest extends ConnectionContract {
    @Override
    protected Served serve(TransportDoors served) {
        TestServer server = Containers.tomcat(served);
        return new SocketTransport(server.uri(), server::close);
    }
}
