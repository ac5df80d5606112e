package dev.realtime.standalone;

import dev.realtime.spi.TransportDoors;
import dev.realtime.testkit.contract.ConnectionContract;
import dev.realtime.testkit.contract.RealSocketTransport;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** What the standalone server owes the engine for each connection. */
final class StandaloneConnectionTest extends ConnectionContract {
    @Override
    protected Served serve(TransportDoors served) {
        ServedEngine engine = new ServedEngine(
                served, () -> true, FakeDoors.PAGES, atMost -> CompletableFuture.completedFuture(null));
        StandaloneServer server = StandaloneServer.start(
                engine, StandaloneOptions.DEFAULT.host("127.0.0.1").port(0));
        return new RealSocketTransport(URI.create("http://127.0.0.1:" + server.port()), server::close);
    }
}
