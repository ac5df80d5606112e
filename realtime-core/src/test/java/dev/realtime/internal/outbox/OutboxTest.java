package dev.realtime.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.limits.OutboxLimits;
import dev.realtime.spi.Frame;
import dev.realtime.spi.InboundBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an outbox does with a transport that is fast, and with one that breaks its promises. The rest is the matter of the testkit's behaviour tests. */
class OutboxTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final Outbox outbox = new Outbox(OutboxLimits.DEFAULT, new OutboundBudget(1 << 30), new Outbox.Owner() {
        @Override
        public void overflowed() {
            throw new AssertionError("nothing has overflowed");
        }

        @Override
        public void crowdedOut() {
            throw new AssertionError("the node has room");
        }

        @Override
        public void writeFailed(Throwable cause) {
            failures.add(cause);
        }

        @Override
        public void broke(Throwable cause) {
            failures.add(cause);
        }

        @Override
        public void dropped(OutboundMessage message) {
            throw new AssertionError("nothing is dropped");
        }

        @Override
        public InboundBudget.Share account() {
            return new InboundBudget(1 << 30, 1 << 20, () -> {}).share(InboundBudget.Use.UNREAD, "10.0.0.1");
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    });

    @Test
    void aTransportThatTakesAllAtOnceIsAskedBeforeAnythingIsLost() {
        List<Integer> batches = new ArrayList<>();
        outbox.attach((batch, listener) -> {
            batches.add(batch.size());
            return true;
        });
        int most = OutboxLimits.DEFAULT.maxMessages();
        for (int i = 0; i < 3 * most; i++) {
            outbox.offer(OutboundMessage.reliable(List.of(Frame.text(new byte[] {'4'}))));
        }
        assertThat(batches).containsExactly(most, most);
    }

    @Test
    void aTransportThatThrowsHasFailedToWrite() {
        IllegalStateException broken = new IllegalStateException("a write is in flight already");
        outbox.attach((batch, listener) -> {
            throw broken;
        });
        outbox.offer(OutboundMessage.control(Frame.text("2".getBytes(StandardCharsets.US_ASCII))));
        outbox.flush();
        assertThat(failures).containsExactly(broken);
        assertThat(outbox.offer(OutboundMessage.control(Frame.text("2".getBytes(StandardCharsets.US_ASCII)))))
                .as("takes something more")
                .isFalse();
    }

    @Test
    void whatCouldNotBePlacedIsNotAGap() {
        outbox.attach((batch, listener) -> false);
        IllegalStateException noPlace = new IllegalStateException("stands for a machine that has no memory");
        Object key = new Object() {
            @Override
            public int hashCode() {
                throw noPlace;
            }
        };
        OutboundMessage next = OutboundMessage.volatileMessage(List.of(Frame.text(new byte[] {'4'})), key);
        assertThat(outbox.offer(next)).as("to be flushed").isFalse();
        assertThat(failures).as("the connection ends").containsExactly(noPlace);
        outbox.offer(OutboundMessage.reliable(List.of(Frame.text(new byte[] {'4'}))));
        assertThat(outbox.isEmpty()).as("nothing follows it").isTrue();
    }
}
