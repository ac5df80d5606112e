package dev.realtime.internal.batches;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.Event;
import dev.realtime.batches.Batches;
import dev.realtime.internal.outbox.Gathered;
import dev.realtime.internal.outbox.OutboundMessage;
import dev.realtime.internal.socketio.PacketEncoder;
import dev.realtime.spi.EventData;
import dev.realtime.spi.Frame;
import dev.realtime.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchingTest {
    record Point(int x, int y) {}

    private final Batching batching = new Batching(
            Batches.of(Event.of("say \"hi\"", String.class), Event.ofArguments("moved", Point.class), Event.of("tick")),
            PacketEncoder.of("/"),
            new StandingTime());

    private @Nullable OutboundMessage message(String json) {
        return batching.message(new EventData(json.getBytes(UTF_8), List.of()), "1-1");
    }

    private Gathered event(String json) {
        return Objects.requireNonNull(Objects.requireNonNull(message(json)).gathered());
    }

    private String batch(String... events) {
        List<Frame> frames =
                batching.together(List.of(events).stream().map(this::event).toList());
        String text = new String(frames.get(0).bytes(), UTF_8);
        return text.replaceAll("\"timestamp\":\\d+", "\"timestamp\":0");
    }

    @Test
    void anEventIsItsPayloadOrItsArguments() {
        assertThat(batch("[\"moved\",1,2]", "[\"tick\"]"))
                .isEqualTo("42[\"batch:events\",{\"timestamp\":0,\"events\":["
                        + "{\"type\":\"moved\",\"count\":1,\"data\":[[1,2]]},"
                        + "{\"type\":\"tick\",\"count\":1,\"data\":[[]]}]},\"1-1\"]");
    }

    @Test
    void aNameMayBeWrittenInAnyWay() {
        assertThat(batch("[\"say \\\"hi\\\"\",\"a,b\"]", "[ \"say \\u0022hi\\u0022\" ,{\"a\":[1,\"}]\\\",\"]}]"))
                .contains("{\"type\":\"say \\\"hi\\\"\",\"count\":2,\"data\":[\"a,b\",{\"a\":[1,\"}]\\\",\"]}]}");
    }

    @Test
    void whatIsOfAnotherNameOrShapeLeavesByItself() {
        assertThat(message("[\"said\",1]")).isNull();
        assertThat(message("[7,1]")).isNull();
        assertThat(message("[\"say \\\"hi\\\"\"]")).isNull();
        assertThat(message("[\"say \\\"hi\\\"\",1,2]")).isNull();
        assertThat(batching.message(new EventData("[\"moved\",1,2]".getBytes(UTF_8), List.of(new byte[] {1})), "1-1"))
                .isNull();
    }

    @Test
    void whoeverHasTheSameEventsGetsTheSameBytes() {
        Gathered one = event("[\"moved\",1,1]");
        Gathered other = event("[\"moved\",2,2]");
        Gathered last = event("[\"moved\",3,3]");
        List<Frame> all = batching.together(List.of(one, other, last));
        List<Frame> some = batching.together(List.of(other, last));
        assertThat(batching.together(List.of(one, other, last))).isSameAs(all);
        assertThat(batching.together(List.of(other, last))).isSameAs(some).isNotEqualTo(all);
    }

    private static final class StandingTime implements Time {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
