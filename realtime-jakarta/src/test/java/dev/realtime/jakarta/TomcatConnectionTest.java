package dev.realtime.jakarta;

import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ConnectionContract;
import dev.realtime.testkit.contract.RealSocketTransport;
import org.junit.jupiter.api.Tag;

/** What the servlet in Tomcat owes the engine for each connection. */
@Tag("tomcat")
final class TomcatConnectionTest extends ConnectionContract {
    @Override
    protected Served serve(TransportDoors served) {
        TestServer server = Containers.tomcat(served);
        return new RealSocketTransport(server.uri(), server::close);
    }
}
