package dev.realtime.jakarta;

import dev.realtime.Realtime;
import dev.realtime.testkit.contract.ReferenceApp;
import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import dev.realtime.testkit.contract.TransportContract;

/** The protocol on the servlet in Undertow. */
final class UndertowProtocolTest extends TransportContract {
    @Override
    protected RunningServer start(ServerVariant variant) {
        Realtime realtime = ReferenceApp.build(variant);
        TestServer server = Containers.undertow(realtime.doors());
        return new RunningServer(server.uri(), () -> {
            realtime.close();
            server.close();
        });
    }
}
