package dev.realtime.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.realtime.Event;
import dev.realtime.Realtime;
import dev.realtime.Request;
import dev.realtime.limits.Limits;
import dev.realtime.spi.JsonCodec.EncodeException;
import dev.realtime.testkit.TestClient;
import dev.realtime.testkit.TestRealtime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What cannot be sent is not sent, and whoever waits for it is told. */
class EventSizeTest {
    private static final Request<Integer, String> LETTERS = Request.of("letters", Integer.class, String.class);
    private static final Event<String> SAID = Event.of("said", String.class);

    @RegisterExtension
    final TestRealtime realtime = TestRealtime.of(() -> Realtime.builder()
            .limits(Limits.DEFAULT.maxEventSize(2_000))
            .namespace("/", game -> game.allowAnonymous().on(LETTERS, (session, count) -> "x".repeat(count))));

    @Test
    void anEventThatIsTooLargeFails() {
        TestClient ann = realtime.connect("/", "ann");
        assertThatThrownBy(() -> Game.session(realtime, ann).emit(SAID, "x".repeat(2_000)))
                .isInstanceOf(EncodeException.class)
                .hasMessageContaining("maxEventSize");
    }

    @Test
    void aReplyThatCannotBeSentIsAnsweredAllTheSame() {
        TestClient ann = realtime.connect("/", "ann");
        assertThat(ann.request(LETTERS, 1_000)).hasSize(1_000);
        assertThat(ann.askRaw("letters", 3_000).errorCode()).isEqualTo("handler_failed");
        assertThat(realtime.expectHandlerFailure()).hasMessageContaining("larger than");
    }

    @Test
    void aNestedPayloadCostsThatEventAlone() {
        TestClient ann = realtime.connect("/", "ann");
        ann.sendRaw("42[\"letters\"," + "[".repeat(100) + "]".repeat(100) + "]");
        assertThat(ann.request(LETTERS, 3)).isEqualTo("xxx");
        assertThat(ann.isConnected()).isTrue();
    }

    @Test
    void aForgedPlaceholderCostsThatEventAlone() {
        TestClient ann = realtime.connect("/", "ann");
        ann.emitRaw("letters", Map.of("_placeholder", true, "num", 0));
        assertThat(ann.request(LETTERS, 3)).isEqualTo("xxx");
    }
}
