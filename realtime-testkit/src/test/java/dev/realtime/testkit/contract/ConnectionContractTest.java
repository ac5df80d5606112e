package dev.realtime.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.spi.ConnectionListener;
import dev.realtime.spi.HttpExchange;
import dev.realtime.spi.InboundBudget;
import dev.realtime.spi.RequestView;
import dev.realtime.spi.TransportDoors;
import dev.realtime.spi.UpgradeDecision;
import dev.realtime.testkit.InMemoryTransportTest;
import dev.realtime.transport.Compression;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Faults that the contract finds. */
class ConnectionContractTest {
    @Test
    void aTransportThatDoesNotTellTheEndOfAReadIsFound() throws Exception {
        ConnectionContract contract = new InMemoryTransportTest() {
            @Override
            protected Served serve(TransportDoors served) {
                return super.serve(new Forgetful(served));
            }
        };
        contract.begin();
        assertThatThrownBy(contract::everyReadComesToAnEnd)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the end of a read");
    }

    /** The doors as a transport would use them that forgets about the end of a read. */
    private record Forgetful(TransportDoors doors) implements TransportDoors {
        @Override
        public CompletionStage<UpgradeDecision> upgrade(RequestView request) {
            return doors.upgrade(request).thenApply(decision -> {
                if (decision instanceof UpgradeDecision.Accepted accepted) {
                    return new UpgradeDecision.Accepted(
                            accepted.headers(),
                            connection -> new Hearing(accepted.open().apply(connection)));
                }
                return decision;
            });
        }

        @Override
        public String path() {
            return doors.path();
        }

        @Override
        public int maxPayload() {
            return doors.maxPayload();
        }

        @Override
        public InboundBudget inbound() {
            return doors.inbound();
        }

        @Override
        public Duration patience() {
            return doors.patience();
        }

        @Override
        public Compression compression() {
            return doors.compression();
        }

        @Override
        public void exchange(HttpExchange exchange) {
            doors.exchange(exchange);
        }
    }

    private record Hearing(ConnectionListener engine) implements ConnectionListener {
        @Override
        public void text(String message) {
            engine.text(message);
        }

        @Override
        public void binary(byte[] message) {
            engine.binary(message);
        }

        @Override
        public void readComplete() {} // the fault

        @Override
        public void closed(int code, String reason) {
            engine.closed(code, reason);
        }
    }
}
