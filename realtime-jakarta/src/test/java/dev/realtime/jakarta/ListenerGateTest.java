package dev.realtime.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.ConnectionListener;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListenerGateTest {
    private final List<String> heard = new ArrayList<>();
    private final ListenerGate gate = new ListenerGate();
    private final ConnectionListener listener = new ConnectionListener() {
        @Override
        public void text(String message) {
            heard.add(message);
            if (message.equals("end")) {
                end();
                heard.add("still inside");
            }
        }

        @Override
        public void binary(byte[] message) {}

        @Override
        public void readComplete() {}

        @Override
        public void closed(int code, String reason) {
            heard.add("closed " + code + reason);
        }
    };

    @Test
    void theEndWaitsForTheMessageBeingDelivered() {
        gate.open(listener);
        gate.deliver(to -> to.text("end"));
        gate.deliver(to -> to.text("late"));
        assertThat(heard).containsExactly("end", "still inside", "closed 1006");
    }

    @Test
    void anEndBeforeTheListenerIsKnownIsReportedToIt() {
        assertThat(end()).isTrue();
        assertThat(heard).isEmpty();
        gate.open(listener);
        gate.deliver(to -> to.text("late"));
        assertThat(heard).containsExactly("closed 1006");
    }

    @Test
    void onlyTheFirstEndCounts() {
        gate.open(listener);
        assertThat(end()).isTrue();
        assertThat(end()).isFalse();
        assertThat(heard).containsExactly("closed 1006");
    }

    private boolean end() {
        return gate.end(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, null));
    }
}
