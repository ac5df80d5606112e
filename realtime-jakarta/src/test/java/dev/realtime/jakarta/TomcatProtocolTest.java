package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.testkit.contract.ReferenceApp;
import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import dev.realtime.testkit.contract.TransportContract;
import org.junit.jupiter.api.Tag;

/** The protocol on the servlet in Tomcat. */
@Tag("tomcat")
final class TomcatProtocolTest extends TransportContract {
    @Override
    protected RunningServer start(ServerVariant variant) {
        Realtime realtime = ReferenceApp.build(variant);
        TestServer server = Containers.tomcat(realtime.doors());
        return new RunningServer(server.uri(), () -> {
            realtime.close();
            server.close();
        });
    }
}
