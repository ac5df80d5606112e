package dev.realtime.standalone;

import dev.realtime.testkit.contract.RunningServer;
import dev.realtime.testkit.contract.ServerVariant;
import dev.realtime.testkit.contract.TransportContract;

/** The protocol on the standalone server. */
final class StandaloneProtocolTest extends TransportContract {
    @Override
    protected RunningServer start(ServerVariant variant) throws Exception {
        return ReferenceServer.start(variant);
    }
}
