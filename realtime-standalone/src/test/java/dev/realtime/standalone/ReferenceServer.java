package dev.realtime.standalone;

import dev.realtime.Realtime;
import dev.realtime.testkit.contract.ReferenceApp;
import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import java.net.URI;

/** Starts the standalone server with the reference application on a free port. */
final class ReferenceServer {
    private ReferenceServer() {}

    static RunningServer start(ServerVariant variant) throws Exception {
        Realtime realtime = ReferenceApp.build(variant);
        StandaloneServer server = StandaloneServer.start(
                realtime, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        return new RunningServer(URI.create("http://127.0.0.1:" + server.port()), () -> {
            server.close();
            realtime.close();
        });
    }
}
