package dev.realtime.testkit.contract;

import java.net.URI;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs the contract against servers that are running already, for instance another implementation of the protocol:
 * {@code -Drealtime.contract.servers=http://127.0.0.1:7101,http://127.0.0.1:7102,http://127.0.0.1:7103} with the addresses of the
 * variants open, brisk and guarded.
 */
@EnabledIfSystemProperty(
        named = ExternalServerProtocolTest.SERVERS,
        matches = ".+",
        disabledReason = "runs only where servers are named")
final class ExternalServerProtocolTest extends TransportContract {
    static final String SERVERS = "realtime.contract.servers";

    @Override
    protected RunningServer start(ServerVariant variant) {
        String[] addresses = System.getProperty(SERVERS).split(",");
        return new RunningServer(URI.create(addresses[variant.ordinal()]), () -> {});
    }
}
